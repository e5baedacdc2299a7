using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Rules;
using PolicyLint.Testing;

namespace PolicyLint.Analyzers.Tests;

/// <summary>The package as a project outside this repository gets it: packed, restored from a folder, loaded by the compiler.</summary>
public sealed partial class PackageTests : IDisposable
{
    // A version of its own, so that no cache gives an older package.
    private static readonly string Version = "0.1.0-test" + DateTime.UtcNow.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly string _folder = Directory.CreateTempSubdirectory("policylint-package-").FullName;

    /// <summary>`file(line,column): severity rule`, and `fixed` behind what the code fixes take away.</summary>
    private static string Expectations => Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Analyzers.Tests", "PackageFindings.txt");

    [Fact]
    public void A_web_project_sees_each_rule_in_the_build_and_dotnet_format_makes_right_what_can_be()
    {
        Pack();
        using (var package = ZipFile.OpenRead(Path.Combine(_folder, "feed", $"PolicyLint.Analyzers.{Version}.nupkg")))
        {
            string[] assemblies = ["PolicyLint.Analyzers.dll", "PolicyLint.CodeFixes.dll", "PolicyLint.CSharp.dll", "PolicyLint.Configuration.dll", "PolicyLint.Core.dll", "PolicyLint.Sql.dll", "YamlDotNet.dll"];
            string[] expected = ["README.md", "build/PolicyLint.Analyzers.targets", "buildTransitive/PolicyLint.Analyzers.targets",
                .. assemblies.Select(file => "analyzers/dotnet/cs/" + file), .. assemblies.Select(file => $"tools/ready-to-run/{RuntimeInformation.RuntimeIdentifier}/{file}")];
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                package.Entries.Select(e => e.FullName).Where(name => !name.StartsWith('_') && !name.StartsWith("package/", StringComparison.Ordinal) && !name.StartsWith('[') && !name.EndsWith(".nuspec", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal));
        }
        var project = Write();

        var findings = Build(project);

        var marked = Expected(findings);
        Assert.Equal(marked.Select(line => line.Replace(" fixed", "", StringComparison.Ordinal)), findings);
        Assert.Equal(["ready-to-run"], AnalyzerFolders(project, ""));
        Assert.Equal(["cs"], AnalyzerFolders(project, "-p:PolicyLintReadyToRun=false"));
        var rules = RulesOf(findings).Where(rule => rule.StartsWith("PL5", StringComparison.Ordinal));
        Assert.Equal(CSharpRuleCatalog.All.Select(rule => rule.Info.Id).Where(rule => rule.StartsWith("PL5", StringComparison.Ordinal)), rules.Distinct().Order(StringComparer.Ordinal));

        Run("dotnet", $"format analyzers --no-restore --severity info --diagnostics {string.Join(' ', DiagnosticFix.Ids)}", project, expectedExit: 0);

        // Lines move where a statement is added; the file and the rule stay.
        var left = Build(project).Select(FileAndRule);
        Assert.Equal(marked.Where(line => !line.EndsWith(" fixed", StringComparison.Ordinal)).Select(FileAndRule).Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What these tests were built with is packed as it is.
    private void Pack() => Run(
        "dotnet", $"pack {Path.Combine("src", "PolicyLint.Analyzers")} -c {Configuration} --no-build -nologo -v quiet -o \"{Path.Combine(_folder, "feed")}\" -p:Version={Version}",
        RepositoryRoot.Path, expectedExit: 0);

    private string Write()
    {
        var source = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Analyzers.Tests", "Package");
        var project = Path.Combine(_folder, "app");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(project, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        File.WriteAllText(Path.Combine(project, "nuget.config"), $"""<configuration><packageSources><add key="local" value="{Path.Combine(_folder, "feed")}" /></packageSources></configuration>""");
        File.WriteAllText(Path.Combine(project, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Dapper" Version="2.1.66" />
                <PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="10.0.0" />
                <PackageReference Include="PolicyLint.Analyzers" Version="{Version}" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        return project;
    }

    private static List<string> Build(string project)
    {
        var output = Run("dotnet", "build -nologo -v minimal", project, expectedExit: null);
        Assert.DoesNotContain("AD0001", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CS8032", output, StringComparison.Ordinal);
        Assert.False(output.Contains("error CS", StringComparison.Ordinal), output);
        return [.. Finding().Matches(output).Select(match => match.Groups[1].Value.Replace('\\', '/')).Distinct().Order(StringComparer.Ordinal)];
    }

    // What the compiler is given, by the folder that it lies in.
    private static IEnumerable<string> AnalyzerFolders(string project, string arguments)
    {
        using var items = JsonDocument.Parse(Run("dotnet", $"build -nologo -t:ResolveLockFileAnalyzers -getItem:Analyzer {arguments}", project, expectedExit: 0));
        return [.. items.RootElement.GetProperty("Items").GetProperty("Analyzer").EnumerateArray().Select(item => item.GetProperty("FullPath").GetString()!)
            .Where(path => Path.GetFileName(path).StartsWith("PolicyLint.", StringComparison.Ordinal))
            .Select(path => path.Contains("ready-to-run", StringComparison.Ordinal) ? "ready-to-run" : Path.GetFileName(Path.GetDirectoryName(path)!)).Distinct()];
    }

    private static string[] Expected(List<string> findings)
    {
        if (Environment.GetEnvironmentVariable("POLICYLINT_UPDATE") is { Length: > 0 })
        {
            var marked = File.ReadAllLines(Expectations).Where(line => line.EndsWith(" fixed", StringComparison.Ordinal)).ToHashSet();
            File.WriteAllLines(Expectations, findings.Select(line => marked.Contains(line + " fixed") ? line + " fixed" : line));
        }
        return File.ReadAllLines(Expectations);
    }

    private static IEnumerable<string> RulesOf(IEnumerable<string> findings) => findings.Select(finding => finding.Split(' ')[^1]);

    private static string FileAndRule(string finding) => finding.Split('(')[0] + " " + finding.Split(' ')[2];

    [System.Text.RegularExpressions.GeneratedRegex(@"/app/(\S+\(\d+,\d+\): (?:warning|error) PL\d{4}):")]
    private static partial System.Text.RegularExpressions.Regex Finding();

    private static string Run(string command, string arguments, string folder, int? expectedExit)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The test host's own build settings must not reach the project.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("RunAnalyzers", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        if (expectedExit is { } expected)
            Assert.True(process.ExitCode == expected, output);
        return output;
    }
}

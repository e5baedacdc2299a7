using System.Diagnostics;
using System.IO.Compression;
using PolicyLint.Testing;

namespace PolicyLint.Analyzers.Tests;

/// <summary>The package as a project outside this repository gets it: packed, restored from a folder, loaded by the compiler.</summary>
public sealed class PackageTests : IDisposable
{
    // A version of its own, so that no cache gives an older package.
    private static readonly string Version = "0.1.0-test" + DateTime.UtcNow.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("policylint-package-").FullName;

    [Fact]
    public void A_project_that_adds_the_package_sees_the_leak_in_both_languages()
    {
        Pack();
        using (var package = ZipFile.OpenRead(Path.Combine(_folder, "feed", $"PolicyLint.Analyzers.{Version}.nupkg")))
        {
            string[] expected = ["README.md", "analyzers/dotnet/cs/PolicyLint.Analyzers.dll", "analyzers/dotnet/cs/PolicyLint.CodeFixes.dll", "analyzers/dotnet/cs/PolicyLint.CSharp.dll", "analyzers/dotnet/cs/PolicyLint.Configuration.dll",
                    "analyzers/dotnet/cs/PolicyLint.Core.dll", "analyzers/dotnet/cs/PolicyLint.Sql.dll", "analyzers/dotnet/cs/YamlDotNet.dll",
                    "build/PolicyLint.Analyzers.targets", "buildTransitive/PolicyLint.Analyzers.targets"];
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                package.Entries.Select(e => e.FullName).Where(name => !name.StartsWith('_') && !name.StartsWith("package/", StringComparison.Ordinal) && !name.StartsWith('[') && !name.EndsWith(".nuspec", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal));
        }
        var project = Write();

        var output = Run("dotnet", "build -nologo -v minimal", project, expectedExit: null);

        Assert.Contains("1.sql(2,1): error PL1001", output, StringComparison.Ordinal);
        Assert.Contains("Repo.cs(5,61): warning PL5001", output, StringComparison.Ordinal);
        Assert.DoesNotContain("AD0001", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CS8032", output, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(project, "policylint.yml"), "platfrom: plain\nrules:\n  PL1001: warning\n");
        output = Run("dotnet", "build -nologo -v minimal", project, expectedExit: null);

        Assert.Contains("policylint.yml(1,1): error PL9004", output, StringComparison.Ordinal);
        Assert.Contains("1.sql(2,1): warning PL1001", output, StringComparison.Ordinal);
        Assert.DoesNotContain("AD0001", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Pack() => Run(
        "dotnet", $"pack {Path.Combine("src", "PolicyLint.Analyzers")} -c Release -nologo -v quiet -o \"{Path.Combine(_folder, "feed")}\" -p:Version={Version} -p:ArtifactsPath=\"{Path.Combine(_folder, "artifacts")}\"",
        RepositoryRoot.Path, expectedExit: 0);

    private string Write()
    {
        var project = Path.Combine(_folder, "app");
        Directory.CreateDirectory(Path.Combine(project, "migrations"));
        File.WriteAllText(Path.Combine(project, "nuget.config"), $"""<configuration><packageSources><add key="local" value="{Path.Combine(_folder, "feed")}" /></packageSources></configuration>""");
        File.WriteAllText(Path.Combine(project, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Dapper" Version="2.1.66" />
                <PackageReference Include="PolicyLint.Analyzers" Version="{Version}" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "migrations", "1.sql"), """
            create table public.kinds (id int primary key);
            create table public.notes (
              id uuid primary key,
              user_id uuid not null
            );
            """);
        File.WriteAllText(Path.Combine(project, "Repo.cs"), """
            using Dapper;

            public sealed class Repo(System.Data.IDbConnection connection)
            {
                public object All() => connection.Query("select id from notes");

                public object Mine(System.Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
            }
            """);
        return project;
    }

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

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp;

namespace PolicyLint.Cli.Code;

/// <summary>How the build would call the compiler for a project: asked of MSBuild, which compiles nothing for it.</summary>
/// <param name="ProjectFile">Full path of the project.</param>
/// <param name="Arguments">What the compiler would get.</param>
internal sealed record CompilerCall(string ProjectFile, CSharpCommandLineArguments Arguments)
{
    private static readonly string[] DesignTime =
    [
        // The compiler's own inputs may be older than its output: without a file that never exists nothing would be asked of it.
        "-nologo", "-verbosity:quiet", "-target:Compile", "-getItem:CscCommandLineArgs", "-getProperty:TargetFrameworks,ProjectAssetsFile", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
        "-p:BuildProjectReferences=false", "-p:SkipCopyBuildProduct=true", "-p:NonExistentFile=__NonExistentSubDir__/__NonExistentFile__",
    ];

    /// <summary>Asks for a project's call; null with a problem that says why there is none.</summary>
    public static CompilerCall? Of(string projectFile, out string? problem)
    {
        if (!File.Exists(projectFile))
        {
            problem = "not loaded: there is no such project; the solution lists it";
            return null;
        }
        if (Ask(projectFile, null, out problem) is not { } answer)
            return null;
        // A design-time build goes on without packages; nothing that they hold would be seen.
        if (answer.AssetsFile.Length > 0 && !File.Exists(answer.AssetsFile))
        {
            problem = "not loaded: its packages are not restored; run `dotnet restore` first";
            return null;
        }
        if (answer.Arguments.Count == 0 && answer.Frameworks.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last])
        {
            // All of its frameworks have the same queries but for #if: the last one named is the newest by custom.
            if (Ask(projectFile, last, out problem) is not { } inner)
                return null;
            answer = inner;
        }
        if (answer.Arguments.Count == 0)
        {
            problem = "not loaded: the project calls no C# compiler";
            return null;
        }
        return new(projectFile, CSharpCommandLineParser.Default.Parse(answer.Arguments, Path.GetDirectoryName(projectFile), sdkDirectory: null));
    }

    private static Answer? Ask(string projectFile, string? framework, out string? problem)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(projectFile)! };
        foreach (var argument in (string[])["msbuild", projectFile, .. DesignTime, .. framework is null ? Array.Empty<string>() : ["-p:TargetFramework=" + framework]])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return Read(output, out problem);
            problem = "not loaded: " + FirstError(output + "\n" + errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            problem = "not loaded: dotnet was not found; the .NET SDK reads projects";
        }
        return null;
    }

    private static Answer? Read(string output, out string? problem)
    {
        problem = null;
        try
        {
            using var answer = JsonDocument.Parse(output);
            var properties = answer.RootElement.GetProperty("Properties");
            var items = answer.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs");
            return new(
                [.. items.EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)],
                properties.GetProperty("TargetFrameworks").GetString() ?? "", properties.GetProperty("ProjectAssetsFile").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            problem = "not loaded: the installed .NET SDK does not say how it calls the compiler; version 8.0.100 or later does";
            return null;
        }
    }

    // MSBuild's `file(1,2): error CODE: words [project]`, without what is known already.
    private static string FirstError(string output)
    {
        var line = output.Split('\n').Select(static line => line.Trim()).FirstOrDefault(static line => line.Contains("error ", StringComparison.Ordinal)) ?? output.Trim();
        var from = line.IndexOf("error ", StringComparison.Ordinal);
        var words = from < 0 ? line : line[(from + 6)..];
        var end = words.LastIndexOf(" [", StringComparison.Ordinal);
        return end > 0 ? words[..end] : words;
    }

    /// <summary>What MSBuild says of a project.</summary>
    private sealed record Answer(IReadOnlyList<string> Arguments, string Frameworks, string AssetsFile);
}

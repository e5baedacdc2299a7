using System.Diagnostics;
using Microsoft.CodeAnalysis;

namespace PolicyLint.Benchmarks;

/// <summary>Packages that the corpus of C# needs to be understood and this program does not. They are restored once, beside the program, without what they need themselves.</summary>
internal static class CorpusPackages
{
    private static readonly (string Id, string Version)[] Packages =
    [
        ("AutoMapper", "15.1.4"),
        ("Microsoft.AspNetCore.Identity.EntityFrameworkCore", "9.0.19"),
        ("Microsoft.Data.SqlClient", "7.0.3"),
        ("System.Data.SqlClient", "4.9.1"),
    ];

    /// <summary>Their assemblies; a package that can't be had is said and left out.</summary>
    public static IEnumerable<MetadataReference> Restore()
    {
        var root = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var (id, version) in Packages)
        {
            var package = Path.Combine(root, id.ToLowerInvariant(), version);
            if (!Directory.Exists(package) && !Download(id, version))
            {
                Console.WriteLine($"without {id} {version}: it could not be restored");
                continue;
            }
            // Reference assemblies before those of a platform, the newest framework first.
            var assembly = ((string[])["ref", "lib"]).Select(kind => Path.Combine(package, kind)).Where(Directory.Exists).SelectMany(folder => Directory.GetDirectories(folder, "net*").OrderByDescending(Rank))
                .SelectMany(folder => Directory.GetFiles(folder, id + ".dll")).FirstOrDefault();
            if (assembly is not null)
                yield return MetadataReference.CreateFromFile(assembly);
        }
    }

    private static int Rank(string folder)
    {
        var name = Path.GetFileName(folder);
        return name.StartsWith("netstandard", StringComparison.Ordinal) ? 1 : name.Contains('.', StringComparison.Ordinal) && int.TryParse(name.AsSpan(3, name.IndexOf('.', StringComparison.Ordinal) - 3), out var version) ? version + 1 : 0;
    }

    private static bool Download(string id, string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "corpus-packages", id));
        File.WriteAllText(Path.Combine(folder.FullName, "package.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
                <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{id}" Version="[{version}]" />
              </ItemGroup>
            </Project>
            """);
        using var restore = Process.Start(new ProcessStartInfo("dotnet", ["restore", "-v", "q"]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true })!;
        restore.StandardOutput.ReadToEnd();
        restore.WaitForExit();
        return restore.ExitCode == 0;
    }
}

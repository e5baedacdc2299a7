using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using PolicyLint.Testing;

namespace PolicyLint.Repo.Tests;

/// <summary>What every change must keep, held by tests and not by review.</summary>
public sealed class RepositoryTests
{
    // Project and what it may refer to (ARCHITECTURE.md, Invariants).
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["PolicyLint.Sql"] = [],
        ["PolicyLint.Core"] = ["PolicyLint.Sql"],
        ["PolicyLint.Configuration"] = ["PolicyLint.Core"],
        ["PolicyLint.CSharp"] = ["PolicyLint.Core"],
        ["PolicyLint.Analyzers"] = ["PolicyLint.CSharp", "PolicyLint.Configuration", "PolicyLint.CodeFixes"],
        ["PolicyLint.Analyzers.ReadyToRun"] = ["PolicyLint.Analyzers", "PolicyLint.CodeFixes"],
        ["PolicyLint.CodeFixes"] = ["PolicyLint.CSharp"],
        ["PolicyLint.Live"] = ["PolicyLint.Core"],
        ["PolicyLint.Cli"] = ["PolicyLint.Core", "PolicyLint.CSharp", "PolicyLint.Analyzers", "PolicyLint.Configuration", "PolicyLint.Live"],
    };

    // What RS1035 lets pass and still reaches outside. (Environment it does not let pass; iterators refer to it for the thread's number.)
    private static readonly string[] BannedTypes =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.StreamReader", "System.Net.Http.HttpClient",
        "System.Diagnostics.Process", "System.Console", "System.Threading.Thread", "System.Random",
    ];

    // Walks down long chains of operators run out of stack and go on with another; the thread is waited for at once (CallStack.cs).
    private static readonly string[] AllowedInSql = ["System.Threading.Thread"];

    private static string Source => Path.Combine(RepositoryRoot.Path, "src");

    [Fact]
    public void References_point_one_way()
    {
        Assert.Equal(References.Keys.Order(StringComparer.Ordinal), Directory.GetDirectories(Source).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (project, allowed) in References)
        {
            var file = XDocument.Load(Path.Combine(Source, project, project + ".csproj"));
            var actual = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Equal(allowed.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("PolicyLint.Core")]
    [InlineData("PolicyLint.Sql")]
    public void The_inner_layers_reach_nothing_outside(string project)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
        using var assembly = new PEReader(stream);
        var metadata = assembly.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name));

        Assert.Empty(used.Intersect(project == "PolicyLint.Sql" ? BannedTypes.Except(AllowedInSql) : BannedTypes));
        Assert.Equal(
            project == "PolicyLint.Core" ? ["PolicyLint.Sql", "netstandard"] : ["netstandard"],
            metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_source_file_is_longer_than_six_hundred_lines()
    {
        var tooLong = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal) && File.ReadLines(file).Count() > 600);

        Assert.Empty(tooLong.Select(file => Path.GetRelativePath(Source, file)));
    }

    [Fact]
    public void Nothing_is_left_for_later_in_the_sources()
    {
        string[] marks = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "Thread." + "Sleep"];
        var found = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadLines(file).Where(line => marks.Any(mark => line.Contains(mark, StringComparison.Ordinal))).Select(line => Path.GetRelativePath(Source, file) + ": " + line.Trim()));

        Assert.Empty(found);
    }

    [Fact]
    public void Every_snapshot_belongs_to_a_test()
    {
        var orphans = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.verified.txt", SearchOption.AllDirectories).Where(file =>
        {
            var names = Path.GetFileName(file).Split('.');
            var test = Path.Combine(Path.GetDirectoryName(file)!, names[0] + ".cs");
            return !File.Exists(test) || !File.ReadAllText(test).Contains($" {names[1]}(", StringComparison.Ordinal);
        });

        Assert.Empty(orphans);
    }
}

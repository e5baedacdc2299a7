using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Migrations;
using PolicyLint.Testing;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Tests;

/// <summary>The C# of the samples, judged with their own migrations.</summary>
public sealed class SampleTests
{
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "samples");

    public static TheoryData<string> Variants =>
        [.. Directory.GetDirectories(Samples).SelectMany(Directory.GetDirectories).Where(folder => File.Exists(Path.Combine(folder, "expected.tsv"))).Order(StringComparer.Ordinal).Select(folder => Path.GetRelativePath(Samples, folder).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_code_shows_its_mistakes_and_no_others(string variant)
    {
        var folder = Path.Combine(Samples, variant);
        var expected = File.ReadLines(Path.Combine(folder, "expected.tsv")).Select(line => line.Split('\t')).Where(cells => cells[1].EndsWith(".cs", StringComparison.Ordinal))
            .Select(cells => $"{cells[0]} {cells[1]}:{cells[2]}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), Find(folder).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Find(string folder)
    {
        var options = ConfigurationReader.Read(new SqlSource(File.ReadAllText(Path.Combine(folder, "policylint.yml")), "policylint.yml"), ["PL1001", "PL1009", "PL2001", "PL5001"]).Options;
        var files = Directory.GetFiles(folder, "*.sql", SearchOption.AllDirectories).Select(file => new SqlSource(File.ReadAllText(file), Path.GetRelativePath(folder, file).Replace('\\', '/')));
        var analysis = SqlAnalyzer.Analyze(new(MigrationLayout.Arrange([.. files], options), options, AnalysisLimits.Cli));
        var trees = Directory.GetFiles(Path.Combine(folder, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;" + File.ReadAllText(file), path: Path.GetRelativePath(folder, file).Replace('\\', '/')));
        var compilation = CSharpCompilation.Create("sample", [.. trees.Select((tree, i) => tree)], Compiled.References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        foreach (var finding in Compiled.Check(new ProjectAnalysis(compilation, analysis.Catalog, analysis.Tenancy, options, AnalysisLimits.Cli), compilation))
        {
            var place = finding.Location.GetLineSpan();
            yield return $"{finding.Rule.Id} {place.Path}:{place.StartLinePosition.Line + 1}";
        }
    }
}

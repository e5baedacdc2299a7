using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Tests;

/// <summary>C# compiled in memory with Dapper and Npgsql, and judged with a schema.</summary>
internal static class Compiled
{
    public static MetadataReference[] References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static IReadOnlyList<SiteFinding> Check(string schema, string code, bool isProgram = false, string otherFile = "")
    {
        var input = new AnalysisInput([new(new SqlSource(schema, "schema.sql"), ScriptRole.Migration, IsOneTransaction: true)], PolicyLintOptions.Default, AnalysisLimits.Cli);
        var analysis = SqlAnalyzer.Analyze(input);
        var sites = new SiteAnalysis(analysis.Catalog, analysis.Tenancy, PolicyLintOptions.Default, AnalysisLimits.Cli);

        var tree = CSharpSyntaxTree.ParseText(code, path: "Code.cs");
        var compilation = CSharpCompilation.Create("code", [tree, CSharpSyntaxTree.ParseText(otherFile, path: "Other.cs")], References, new(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        var model = compilation.GetSemanticModel(tree);
        var findings = new List<SiteFinding>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (model.GetOperation(node) is { } operation and (IInvocationOperation or IObjectCreationOperation or ISimpleAssignmentOperation) && operation.Syntax == node)
                findings.AddRange(sites.Check(operation, default));
        }
        return findings;
    }

    /// <summary>The characters that a finding points at.</summary>
    public static string Marked(this SiteFinding finding) => finding.Location.SourceTree!.GetText().ToString(finding.Location.SourceSpan);
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Tests;

/// <summary>C# compiled in memory with Dapper, Npgsql, EF Core and ASP.NET Core, and judged with a schema.</summary>
internal static class Compiled
{
    public static MetadataReference[] References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static IReadOnlyList<SiteFinding> Check(string schema, string code, bool isProgram = false, string otherFile = "") =>
        Check(schema, [("Code.cs", code), ("Other.cs", otherFile)], PolicyLintOptions.Default, [], isProgram);

    public static IReadOnlyList<SiteFinding> Check(
        string schema, IReadOnlyList<(string Path, string Text)> files, PolicyLintOptions options, IReadOnlyList<SqlSource> settings, bool isProgram = false, IReadOnlyList<MetadataReference>? references = null)
    {
        var input = new AnalysisInput([new(new SqlSource(schema, "schema.sql"), ScriptRole.Migration, IsOneTransaction: true)], options, AnalysisLimits.Cli);
        var analysis = SqlAnalyzer.Analyze(input);
        Assert.Empty(analysis.Findings.Where(finding => finding.Rule.Id == "PL9001").Select(finding => finding.Message));
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path));
        var compilation = CSharpCompilation.Create("code", trees, [.. References, .. references ?? []], new(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        return Check(new ProjectAnalysis(compilation, analysis.Catalog, analysis.Tenancy, options, AnalysisLimits.Cli) { Settings = settings }, compilation);
    }

    /// <summary>The findings at every operation of the compilation, then those about the project.</summary>
    public static IReadOnlyList<SiteFinding> Check(ProjectAnalysis project, Compilation compilation)
    {
        var findings = new List<SiteFinding>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (model.GetOperation(node) is not { } root || root.Parent is not null || root.Syntax != node)
                    continue;
                foreach (var operation in root.DescendantsAndSelf())
                    findings.AddRange(project.Judge(operation, default).Findings);
            }
        }
        findings.AddRange(project.CheckProject(default));
        return findings;
    }

    /// <summary>The characters that a finding points at.</summary>
    public static string Marked(this SiteFinding finding) => finding.Location.SourceTree!.GetText().ToString(finding.Location.SourceSpan);
}

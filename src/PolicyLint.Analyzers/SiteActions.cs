using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PolicyLint.CSharp;

namespace PolicyLint.Analyzers;

/// <summary>Puts the rules for C# to each operation that may concern the database.</summary>
internal static class SiteActions
{
    private static readonly OperationKind[] Kinds =
        [OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment, OperationKind.Loop, OperationKind.Conditional];

    /// <summary>Registers them.</summary>
    /// <param name="context">The compilation.</param>
    /// <param name="sites">Judges the compilation.</param>
    /// <param name="report">Takes a finding; may be called by many threads.</param>
    /// <param name="cover">Takes the answer of a place that runs SQL or a query; may be called by many threads.</param>
    public static void Register(CompilationStartAnalysisContext context, Func<CancellationToken, ProjectAnalysis> sites, Action<OperationAnalysisContext, SiteFinding> report, Action<SiteCoverage> cover) =>
        context.RegisterOperationAction(
            operation =>
            {
                try
                {
                    Check(operation, sites(operation.CancellationToken), report, cover);
                }
#pragma warning disable CA1031 // Whatever fails here must not fail the compilation.
                catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    operation.ReportDiagnostic(HostFault.Of(operation.Operation.Syntax.GetLocation(), e));
                }
            },
            Kinds);

    private static void Check(OperationAnalysisContext context, ProjectAnalysis analysis, Action<OperationAnalysisContext, SiteFinding> report, Action<SiteCoverage> cover)
    {
        var judgement = analysis.Judge(context.Operation, context.CancellationToken);
        foreach (var finding in judgement.Findings)
            report(context, finding);
        if (judgement.Coverage is { } coverage)
            cover(coverage);
    }
}

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
    /// <param name="sites">Judges the compilation; asked at the first operation.</param>
    /// <param name="report">Takes a finding; may be called by many threads.</param>
    /// <param name="cover">Takes the answer of a place that runs SQL or a query; may be called by many threads.</param>
    public static void Register(CompilationStartAnalysisContext context, Func<CancellationToken, ProjectAnalysis> sites, Action<OperationAnalysisContext, SiteFinding> report, Action<SiteCoverage> cover) =>
        context.RegisterOperationAction(
            operation => HostFault.Guard(operation.ReportDiagnostic, operation.Operation.Syntax.GetLocation(), () =>
            {
                var analysis = sites(operation.CancellationToken);
                foreach (var finding in analysis.Check(operation.Operation, operation.CancellationToken))
                    report(operation, finding);
                if (analysis.Cover(operation.Operation, operation.CancellationToken) is { } coverage)
                    cover(coverage);
            }),
            Kinds);
}

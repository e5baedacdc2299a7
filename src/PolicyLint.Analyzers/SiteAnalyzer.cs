using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.Analyzers;

/// <summary>
/// The rules for C# alone, for a host that has the catalog already and reports the SQL itself. The compiler's own driver runs them, so
/// that #pragma, SuppressMessage, .editorconfig and generated code mean what they mean in a build.
/// </summary>
/// <param name="analyze">Judges the compilation that the driver works on.</param>
#pragma warning disable RS1001 // The compiler must not find it: it is made by its host.
public sealed class SiteAnalyzer(Func<Compilation, ProjectAnalysis> analyze) : DiagnosticAnalyzer
#pragma warning restore RS1001
{
    private readonly ConcurrentBag<SiteCoverage> _coverage = [];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => DescriptorMap.All;

    /// <summary>The answers of all places, in no order.</summary>
    public IReadOnlyCollection<SiteCoverage> Coverage => _coverage;

    /// <summary>The qualified name of the table that a finding of this analyzer is about; empty where it is about none.</summary>
    public static string TableOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(TableProperty, out var table) ? table ?? "" : "";

    private const string TableProperty = "table";

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            var sites = new Lazy<ProjectAnalysis>(() => analyze(start.Compilation));
            SiteActions.Register(start, _ => sites.Value, (operation, finding) => operation.ReportDiagnostic(Create(finding)), _coverage.Add);
            start.RegisterCompilationEndAction(end => HostFault.Guard(end.ReportDiagnostic, Location.None, () =>
            {
                foreach (var finding in sites.Value.CheckProject(end.CancellationToken))
                    end.ReportDiagnostic(Create(finding));
            }));
        });
    }

    private static Diagnostic Create(SiteFinding finding) => Diagnostic.Create(
        DescriptorMap.Of(finding.Rule.Id), finding.Location, DescriptorMap.Map(finding.Severity), [], DiagnosticFix.Write(finding).Add(TableProperty, finding.Table), finding.Message);
}

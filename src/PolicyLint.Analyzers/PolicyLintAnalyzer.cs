using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.Analyzers;

/// <summary>Hosts the rules in the compiler: the SQL rules at the end of a compilation, the C# rules at each call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PolicyLintAnalyzer : DiagnosticAnalyzer
{
    private const string ConfigurationError = "PL9004";
    private const string DataAccessCoverage = "PL9008";

    private readonly DatabaseCache _databases = new();
    private readonly SourceOutlines _outlines = new();

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => DescriptorMap.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    // What fails before anything is registered is said at the end.
    private void Start(CompilationStartAnalysisContext context) =>
        HostFault.Guard(fault => context.RegisterCompilationEndAction(end => end.ReportDiagnostic(fault)), Location.None, () => Register(context));

    private void Register(CompilationStartAnalysisContext context)
    {
        if (ProjectInput.Find(context.Options.AdditionalFiles, context.CancellationToken) is not { Count: > 0 } files)
            return;

        var project = _databases.Read(files);
        var hosted = new HostedCompilation(context.Compilation, project, ReportsSql(context.Options), _outlines);
        // Here one thread does it, and the others do their own work. Later they would wait for it.
        hosted.Sites(context.CancellationToken);
        var coverage = new CoverageCount();
        SiteActions.Register(
            context, hosted.Sites,
            (operation, finding) => operation.ReportDiagnostic(Create(finding)), coverage.Add);
        context.RegisterCompilationEndAction(end => HostFault.Guard(end.ReportDiagnostic, Location.None, () =>
        {
            Report(end, project, hosted);
            if (!coverage.IsEmpty)
                end.ReportDiagnostic(Diagnostic.Create(DescriptorMap.Of(DataAccessCoverage), Location.None, coverage.ToString()));
        }));
    }

    private static void Report(CompilationAnalysisContext context, ProjectInput project, HostedCompilation hosted)
    {
        var database = hosted.Database(context.CancellationToken);
        foreach (var finding in hosted.Sites(context.CancellationToken).CheckProject(context.CancellationToken))
            context.ReportDiagnostic(Create(finding));
        foreach (var error in hosted.ReportsSql ? project.ConfigurationErrors : [])
            context.ReportDiagnostic(Diagnostic.Create(DescriptorMap.Of(ConfigurationError), project.Locate(error), error.Message));
        foreach (var finding in database.Result.Findings)
        {
            var place = database.Locate(finding.Location, hosted.Migrations(context.CancellationToken));
            if (place is null && !hosted.ReportsSql)
                continue;
            var related = new List<Location>();
            foreach (var other in finding.Related)
                related.Add(Locate(other.Location));
            var message = finding.Witness is { } witness ? finding.Message + " (" + witness + ")" : finding.Message;
            context.ReportDiagnostic(Create(finding.Rule.Id, finding.Severity, place ?? project.Locate(finding.Location), related, message));
        }
        foreach (var error in database.Result.InternalErrors)
            context.ReportDiagnostic(HostFault.Create(Location.None, error));

        Location Locate(Core.Findings.Location location) => database.Locate(location, hosted.Migrations(context.CancellationToken)) ?? project.Locate(location);
    }

    // Twenty projects over one database would say the same of its migrations twenty times.
    private static bool ReportsSql(AnalyzerOptions options) =>
        !options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.PolicyLintSqlFindings", out var isWanted) || !string.Equals(isWanted.Trim(), "false", StringComparison.OrdinalIgnoreCase);

    private static Diagnostic Create(SiteFinding finding) => Create(finding.Rule.Id, finding.Severity, finding.Location, [], finding.Message, DiagnosticFix.Write(finding));

    private static Diagnostic Create(string id, Core.Findings.Severity severity, Location location, IEnumerable<Location> related, string message, ImmutableDictionary<string, string?>? properties = null)
    {
        var descriptor = DescriptorMap.Of(id);
        var effective = DescriptorMap.Map(severity);
        return effective == descriptor.DefaultSeverity
            ? Diagnostic.Create(descriptor, location, related, properties, message)
            : Diagnostic.Create(descriptor, location, effective, related, properties, message);
    }
}

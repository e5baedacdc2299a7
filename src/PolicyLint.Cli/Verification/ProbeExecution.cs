using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.Live;
using PolicyLint.Live.Probing;

namespace PolicyLint.Cli.Verification;

/// <summary>Probes a database and says what came of it as findings and notes.</summary>
internal static class ProbeExecution
{
    private static readonly RuleInfo Crossed = RuleCatalog.Find("PL7002")!;
    private static readonly RuleInfo Contradiction = RuleCatalog.Find("PL7003")!;

    /// <summary>What came of the probes.</summary>
    public sealed record Outcome(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes);

    /// <exception cref="SessionException">The database can't be reached.</exception>
    public static async Task<Outcome> RunAsync(
        DatabaseTarget target, AnalysisResult rules, PolicyLintOptions options, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        using var line = terminal.StartProgress("probing", rules.Catalog.Relations.Count);
        var run = await ProbeRunner.RunAsync(target, rules.Catalog, rules.Tenancy, request.Run.Session, new Advance(line), cancellation).ConfigureAwait(false);
        var findings = new List<Finding>();
        foreach (var table in run.Results.Where(static r => r.Outcome == ProbeOutcome.Leaked).GroupBy(static r => r.Table))
        {
            if (!options.Exemptions.Any(exemption => exemption.Table == table.Key.ToString() && (exemption.Rules.Count == 0 || exemption.Rules.Any(static rule => rule == "PL7002" || rule.StartsWith("PL2", StringComparison.Ordinal)))))
                findings.Add(Finding(Crossed, [.. table]));
            if (table.Where(static r => r.Contradicts).ToList() is { Count: > 0 } contradictions)
                findings.Add(Finding(Contradiction, contradictions));
        }
        var kept = run.Results.Count(static r => r.Outcome == ProbeOutcome.Kept);
        var notes = new List<string> { $"probed {run.Synthesised} of {run.TenantTables} tenant tables: {run.Results.Count} attempts, {kept} kept out" };
        foreach (var missed in run.Results.Where(static r => r.Outcome == ProbeOutcome.NotProbed).DistinctBy(static r => (r.Table, r.Attempt, r.Detail)).Take(20))
            notes.Add($"not probed: {missed.Attempt} on {missed.Table} as {missed.Role}: {missed.Detail}");
        return new(Fingerprints.Assign(findings), notes);
    }

    private static Finding Finding(RuleInfo rule, IReadOnlyList<ProbeResult> leaks)
    {
        var attempts = string.Join(", ", leaks.Select(static leak => leak.Attempt).Distinct());
        return new()
        {
            Rule = rule,
            Severity = rule.Severity,
            Message = $"{leaks[0].Table}: {attempts} of somebody else's row went through as {string.Join(", ", leaks.Select(static leak => leak.Role).Distinct())}{(rule == Contradiction ? ", although it was proven that it can't" : "")}",
            Location = new(null, default, "table " + leaks[0].Table),
            Witness = $"{leaks[0].Attempt} by {leaks[0].Session}",
            Subject = leaks[0].Table.ToString(),
        };
    }

    private sealed class Advance(ProgressLine line) : IProgress<string>
    {
        public void Report(string value) => line.Advance(value);
    }
}

using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.Live;
using PolicyLint.Live.Probing;

namespace PolicyLint.Cli.Verification;

/// <summary>Probes a database and says what came of it as findings and notes.</summary>
internal static class ProbeExecution
{
    private const int MostNotes = 20;

    private static readonly RuleInfo Crossed = RuleCatalog.Find("PL7002")!;
    private static readonly RuleInfo Contradiction = RuleCatalog.Find("PL7003")!;

    /// <summary>What came of the probes.</summary>
    /// <param name="Findings">What went through, the contradictions first.</param>
    /// <param name="Problems">What stood in the way of all of it.</param>
    /// <param name="Notes">What was tried, and what was not.</param>
    /// <param name="Log">Every attempt.</param>
    public sealed record Outcome(IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems, IReadOnlyList<string> Notes, ProbeLog Log);

    /// <exception cref="SessionException">The database can't be reached.</exception>
    public static async Task<Outcome> RunAsync(
        DatabaseTarget target, AnalysisResult rules, PolicyLintOptions options, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        using var line = terminal.StartProgress("probing", rules.Catalog.Relations.Count);
        var run = await ProbeRunner.RunAsync(target, rules.Catalog, rules.Tenancy, request.Probe!.Value, request.Run.Session, new Advance(line), cancellation).ConfigureAwait(false);
        var crossed = new List<Finding>();
        var contradictions = new List<Finding>();
        foreach (var table in run.Results.Where(static r => r.Outcome == ProbeOutcome.Leaked).GroupBy(static r => r.Table))
        {
            if (!options.Exemptions.Any(exemption => exemption.Table == table.Key.ToString() && (exemption.Rules.Count == 0 || exemption.Rules.Any(static rule => rule == "PL7002" || rule.StartsWith("PL2", StringComparison.Ordinal)))))
                crossed.Add(Finding(Crossed, [.. table]));
            if (table.Where(static r => r.Contradicts).ToList() is { Count: > 0 } against)
                contradictions.Add(Finding(Contradiction, against));
        }
        return new(Fingerprints.Assign([.. contradictions, .. crossed]), [.. run.Obstacles.Select(static obstacle => new Problem("", obstacle))], [.. Notes(run)], new(target.ToString(), run));
    }

    private static IEnumerable<string> Notes(ProbeRun run)
    {
        int kept = run.Results.Count(static r => r.Outcome == ProbeOutcome.Kept), proven = run.Results.Count(static r => r.Outcome == ProbeOutcome.Kept && r.Verdict is Verdict.Proven);
        yield return $"probed {run.Synthesised} of {run.TenantTables} tenant tables: {run.Results.Count} attempts, {kept} kept out, {proven} of them as proven";
        foreach (var table in run.Results.Where(static r => r.Outcome == ProbeOutcome.Unjudged).GroupBy(static r => r.Table).Take(MostNotes))
            yield return $"{Names(table.Select(static r => r.Attempt))} on {table.Key} went through as {Names(table.Select(static r => r.Role))}, and whose the row is can't be told: give its condition under `tenancy` in policylint.yml";
        foreach (var missed in run.Results.Where(static r => r.Outcome == ProbeOutcome.NotProbed).DistinctBy(static r => (r.Table, r.Attempt, r.Detail)).Take(MostNotes))
            yield return $"not probed: {missed.Attempt} on {missed.Table} as {missed.Role}: {missed.Detail}";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Distinct());

    private static Finding Finding(RuleInfo rule, IReadOnlyList<ProbeResult> leaks)
    {
        var attempts = Names(leaks.Select(static leak => leak.Attempt));
        return new()
        {
            Rule = rule,
            Severity = rule.Severity,
            Message = $"{leaks[0].Table}: {attempts} of somebody else's row went through as {Names(leaks.Select(static leak => leak.Role))}{(rule == Contradiction ? ", although it was proven that it can't" : "")}",
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

using PolicyLint.Cli.Output;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Core.Verification;
using PolicyLint.Live;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Verification;

/// <summary>Runs a phase of a plan and says what came of it as findings, problems and a log.</summary>
internal static class PlanExecution
{
    private static readonly RuleInfo ExpectationFailed = RuleCatalog.Find("PL7001")!;

    /// <summary>What came of a plan.</summary>
    public sealed record Outcome(PlanLog Log, IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems);

    /// <summary>Runs it. A refusal of the guard is a problem, and then nothing was checked.</summary>
    /// <exception cref="SessionException">The database can't be reached.</exception>
    public static async Task<Outcome> RunAsync(DatabaseTarget target, VerifyRequest request, ICatalog? catalog, Terminal terminal, CancellationToken cancellation)
    {
        var plan = request.Plan!;
        var started = DateTimeOffset.UtcNow;
        PlanRun run;
        using (var line = terminal.StartProgress("checking", plan.Of(request.Phase).Count))
            run = await PlanRunner.RunAsync(target, plan, request.Phase, catalog, request.Run, new Advance(line), cancellation).ConfigureAwait(false);
        var findings = new List<Finding>();
        var problems = new List<Problem>();
        if (run.Refusal is { } refusal)
            problems.Add(new(Place.Of(new(plan.Source, plan.Guard!.Span)).ToString(), "stopped by the plan's guard, nothing was checked: " + refusal));
        foreach (var result in run.Results)
        {
            var location = new Location(plan.Source, result.Expectation.Span);
            if (result.Outcome == CheckOutcome.NotChecked)
                problems.Add(new(Place.Of(location).ToString(), $"{result.Expectation.Statement}: {result.Found}"));
            else if (result.Outcome == CheckOutcome.Failed)
                findings.Add(new()
                {
                    Rule = ExpectationFailed,
                    Severity = ExpectationFailed.Severity,
                    Message = $"Expected: {result.Expectation.Statement}; found: {result.Found}",
                    Location = location,
                    Subject = result.Expectation.Subject,
                });
        }
        return new(new(plan, request.Phase, run.Identity, started, DateTimeOffset.UtcNow, run.Results), Fingerprints.Assign(findings), problems);
    }

    private sealed class Advance(ProgressLine line) : IProgress<CheckResult>
    {
        public void Report(CheckResult value) => line.Advance(value.Expectation.Statement);
    }
}

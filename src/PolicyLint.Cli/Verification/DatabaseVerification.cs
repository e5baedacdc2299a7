using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Options;
using PolicyLint.Live;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Verification;

/// <summary>Checks a database that is not ours, in read-only transactions.</summary>
internal static class DatabaseVerification
{
    /// <summary>Checks the database that a URL or the environment names.</summary>
    public static async Task<Report> RunAsync(string? url, string configurationFolder, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var target = url is { Length: > 0 } ? DatabaseTarget.Parse(url, out var error) : DatabaseTarget.FromEnvironment(Environment.GetEnvironmentVariable, out error);
        if (target is null)
            return new() { Findings = [], Problems = [new("", error)] };
        var options = ProjectFinder.ReadConfigurationFor(configurationFolder, terminal.WorkingFolder, problems);
        var report = await RunAsync(target, options, request, terminal, cancellation).ConfigureAwait(false);
        return report with { Problems = [.. problems, .. report.Problems] };
    }

    /// <summary>Asks the plan's guard first: what it refuses is not looked at any further.</summary>
    public static async Task<Report> RunAsync(DatabaseTarget target, PolicyLintOptions options, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        try
        {
            if (request.Plan is not null && await PlanRunner.GuardAsync(target, request.Plan, request.Run, cancellation).ConfigureAwait(false) is not null)
            {
                var refused = await PlanExecution.RunAsync(target, request, catalog: null, terminal, cancellation).ConfigureAwait(false);
                return new() { Findings = [], Problems = refused.Problems, Plans = [refused.Log] };
            }
            var rules = await LiveRules.RunAsync(target, options, request, problems, cancellation).ConfigureAwait(false);
            var plan = request.Plan is null ? null : await PlanExecution.RunAsync(target, request, rules.Catalog, terminal, cancellation).ConfigureAwait(false);
            var probes = request.Probes ? await ProbeAsync(target, rules, options, request, plan, problems, terminal, cancellation).ConfigureAwait(false) : null;
            return new()
            {
                Findings = [.. rules.Findings, .. plan?.Findings ?? [], .. probes?.Findings ?? []],
                Problems = [.. problems, .. plan?.Problems ?? []],
                Plans = plan is null ? [] : [plan.Log],
                InternalErrors = rules.InternalErrors,
                Notes = [$"checked {target}", .. rules.Inferences, .. probes?.Notes ?? []],
                Suppressed = rules.Suppressed,
            };
        }
        catch (SessionException e)
        {
            return new() { Findings = [], Problems = [.. problems, new("", e.Message)] };
        }
    }

    // What writes, even what is rolled back, takes locks and time: it runs only where the plan names the database.
    private static async Task<ProbeExecution.Outcome?> ProbeAsync(
        DatabaseTarget target, AnalysisResult rules, PolicyLintOptions options, VerifyRequest request, PlanExecution.Outcome? plan, List<Problem> problems,
        Terminal terminal, CancellationToken cancellation)
    {
        if (plan is not null && request.Plan!.Guard is { } guard && guard.Names(target.Database))
            return await ProbeExecution.RunAsync(target, rules, options, request, terminal, cancellation).ConfigureAwait(false);
        problems.Add(new("", $"not probed: {target.Database} is not named by the guard of a plan; write `guard: {{ database: {target.Database} }}` into the plan and give it with --plan"));
        return null;
    }
}

using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Options;
using PolicyLint.Live;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Verification;

/// <summary>Checks a database that is not ours, in read-only transactions.</summary>
internal static class DatabaseVerification
{
    /// <summary>Checks the database that a URL or the environment names.</summary>
    public static async Task<Report> RunAsync(string? url, string configurationFolder, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var target = url is { Length: > 0 } ? DatabaseTarget.Parse(url, out var error, Environment.GetEnvironmentVariable) : DatabaseTarget.FromEnvironment(Environment.GetEnvironmentVariable, out error);
        if (target is null)
            return new() { Findings = [], Problems = [new("", error)] };
        var options = ProjectFinder.ReadConfigurationFor(configurationFolder, terminal.WorkingFolder, problems);
        var report = await RunAsync(target, options, request, terminal, cancellation).ConfigureAwait(false);
        return report with { Problems = [.. problems, .. report.Problems] };
    }

    /// <summary>Asks the plan's guard first: what it refuses is not looked at any further. What can't be done is said, and what was done stays.</summary>
    public static async Task<Report> RunAsync(DatabaseTarget target, PolicyLintOptions options, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var report = new Report { Findings = [], Notes = [$"checked {target}"] };
        var step = "connecting";
        try
        {
            if (request.Plan is not null && await PlanRunner.GuardAsync(target, request.Plan, request.Run, cancellation).ConfigureAwait(false) is not null)
            {
                var refused = await PlanExecution.RunAsync(target, request, catalog: null, terminal, cancellation).ConfigureAwait(false);
                return new() { Findings = [], Problems = refused.Problems, Plans = [refused.Log] };
            }
            step = "reading the catalog";
            var problems = new List<Problem>();
            var rules = await LiveRules.RunAsync(target, options, request, problems, cancellation).ConfigureAwait(false);
            report = report with
            {
                Findings = rules.Findings, Problems = problems, InternalErrors = rules.InternalErrors, Notes = [.. report.Notes, .. rules.Inferences], Suppressed = rules.Suppressed,
            };
            if (request.Plan is not null)
            {
                step = "checking the plan";
                var plan = await PlanExecution.RunAsync(target, request, rules.Catalog, terminal, cancellation).ConfigureAwait(false);
                report = report with { Findings = [.. report.Findings, .. plan.Findings], Problems = [.. report.Problems, .. plan.Problems], Plans = [plan.Log] };
            }
            if (request.Files is not null)
            {
                var drift = FileDrift.Compare(request.Files, target.ToString(), rules.Catalog, [], []);
                report = report with
                {
                    Findings = [.. report.Findings, .. FileDrift.Findings(drift)], Notes = [.. report.Notes, .. drift.NotCompared.Select(static part => "not compared with the files: " + part)],
                };
            }
            step = "probing";
            return request.Probe is null ? report : await ProbeAsync(report, target, rules, options, request, terminal, cancellation).ConfigureAwait(false);
        }
        catch (SessionException e)
        {
            return report with { Problems = [.. report.Problems, new("", $"stopped while {step}: {e.Message}")] };
        }
    }

    // What writes, even what is rolled back, takes locks and time: it runs only where the plan names the database.
    private static async Task<Report> ProbeAsync(
        Report report, DatabaseTarget target, AnalysisResult rules, PolicyLintOptions options, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        if (request.Probe == ProbeMode.Write && request.Plan?.Guard?.Names(target.Database) != true)
        {
            var refusal = $"not probed: {target.Database} is not named by the guard of a plan; write `guard: {{ database: {target.Database} }}` into the plan and give it with --plan, or use --probe read";
            return report with { Problems = [.. report.Problems, new("", refusal)] };
        }
        var probes = await ProbeExecution.RunAsync(target, rules, options, request, terminal, cancellation).ConfigureAwait(false);
        return report with
        {
            Findings = [.. probes.Findings, .. report.Findings], Problems = [.. report.Problems, .. probes.Problems], Notes = [.. report.Notes, .. probes.Notes], Probes = [probes.Log],
        };
    }
}

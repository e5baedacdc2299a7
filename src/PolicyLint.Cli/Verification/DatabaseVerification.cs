using PolicyLint.Cli.Projects;
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
            return new()
            {
                Findings = [.. rules.Findings, .. plan?.Findings ?? []],
                Problems = [.. problems, .. plan?.Problems ?? []],
                Plans = plan is null ? [] : [plan.Log],
                InternalErrors = rules.InternalErrors,
                Notes = [$"checked {target}", .. rules.Inferences],
                Suppressed = rules.Suppressed,
            };
        }
        catch (SessionException e)
        {
            return new() { Findings = [], Problems = [.. problems, new("", e.Message)] };
        }
    }
}

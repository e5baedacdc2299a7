using System.Collections.Concurrent;
using System.Diagnostics;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Verification;

namespace PolicyLint.Live.Verification;

/// <summary>
/// Runs a phase of a plan against a database, in read-only transactions. A check that can't be made is a result and not an exception, and costs
/// no other check.
/// </summary>
public sealed class PlanRunner
{
    private readonly DatabaseTarget target;
    private readonly VerificationPlan plan;
    private readonly PlanRunOptions options;
    private readonly IProgress<CheckResult>? progress;
    private readonly ConcurrentDictionary<Expectation, CheckResult> results = new(ReferenceEqualityComparer.Instance);

    private PlanRunner(DatabaseTarget target, VerificationPlan plan, PlanRunOptions options, IProgress<CheckResult>? progress)
    {
        this.target = target;
        this.plan = plan;
        this.options = options;
        this.progress = progress;
    }

    /// <summary>Asks the guard, and where it lets the database pass, checks what the phase expects.</summary>
    /// <param name="target">The database.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="phase">Which part of it.</param>
    /// <param name="catalog">What the database holds; null to read it. It is read only where the phase asks it something.</param>
    /// <param name="options">Limits.</param>
    /// <param name="progress">Told of every result as it comes.</param>
    /// <param name="cancellationToken">Cancels on the server too.</param>
    /// <exception cref="SessionException">The database can't be reached.</exception>
    public static async Task<PlanRun> RunAsync(
        DatabaseTarget target, VerificationPlan plan, PlanPhase phase, ICatalog? catalog = null, PlanRunOptions? options = null,
        IProgress<CheckResult>? progress = null, CancellationToken cancellationToken = default)
    {
        var runner = new PlanRunner(target, plan, options ?? new PlanRunOptions(), progress);
        return await runner.RunAsync(phase, catalog, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Why the plan's guard refuses the database; null where it does not.</summary>
    /// <exception cref="SessionException">The database can't be reached.</exception>
    public static async Task<string?> GuardAsync(DatabaseTarget target, VerificationPlan plan, PlanRunOptions options, CancellationToken cancellationToken = default)
    {
        var (_, refusal) = await new PlanRunner(target, plan, options, progress: null).AskGuardAsync(cancellationToken).ConfigureAwait(false);
        return refusal;
    }

    private SafeSessionOptions DataSession => options.Session with { KeepSearchPath = true };

    private async Task<PlanRun> RunAsync(PlanPhase phase, ICatalog? catalog, CancellationToken cancellationToken)
    {
        var (identity, refusal) = await AskGuardAsync(cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            return new([], refusal, identity);
        var expectations = plan.Of(phase);
        if (expectations.Any(static e => e is CatalogExpectation))
            await CheckCatalogAsync(expectations, catalog, cancellationToken).ConfigureAwait(false);
        await CheckDataAsync([.. DataCheck.For(expectations.OfType<DataExpectation>(), options.SamplePercent)], cancellationToken).ConfigureAwait(false);
        return new([.. expectations.Select(e => results[e])], null, identity);
    }

    private async Task<(string Identity, string? Refusal)> AskGuardAsync(CancellationToken cancellationToken)
    {
        var session = await SafeSession.OpenAsync(target, DataSession, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var (database, identity) = await IdentityAsync(session, cancellationToken).ConfigureAwait(false);
            return (identity, await RefusalAsync(session, database, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<(string Database, string Identity)> IdentityAsync(SafeSession session, CancellationToken cancellationToken)
    {
        var rows = await session.AttemptAsync(
            "select pg_catalog.current_database(), coalesce(pg_catalog.host(pg_catalog.inet_server_addr()), 'a local socket'), "
            + "pg_catalog.current_setting('server_version'), current_user", cancellationToken: cancellationToken).ConfigureAwait(false);
        var row = rows[0];
        return (row[0], $"{row[0]} on {target.Host} ({row[1]}), PostgreSQL {row[2]}, as {row[3]}");
    }

    private async Task<string?> RefusalAsync(SafeSession session, string database, CancellationToken cancellationToken)
    {
        if (plan.Guard is not { } guard)
            return null;
        if (guard.Refusal(database, target.Host) is { } refusal || guard.Query.Length == 0)
            return guard.Refusal(database, target.Host);
        try
        {
            var rows = await session.AttemptAsync(guard.Query, mostRows: 2, cancellationToken: cancellationToken).ConfigureAwait(false);
            var answer = rows is [[var only]] ? only : $"{rows.Count} rows";
            return answer == guard.Answer ? null : $"`{guard.Query}` gives {answer} and not {guard.Answer}";
        }
        catch (SessionException e)
        {
            return $"`{guard.Query}` could not be asked: {e.Message}";
        }
    }

    private async Task CheckCatalogAsync(IReadOnlyList<Expectation> expectations, ICatalog? catalog, CancellationToken cancellationToken)
    {
        string? failure = null;
        var watch = Stopwatch.StartNew();
        if (catalog is null)
        {
            try
            {
                var session = await SafeSession.OpenAsync(target, options.Session, cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                    catalog = (await Catalog.CatalogReader.ReadAsync(session, cancellationToken: cancellationToken).ConfigureAwait(false)).Catalog;
            }
            catch (SessionException e)
            {
                failure = e.Message;
            }
        }

        foreach (var expectation in expectations.OfType<CatalogExpectation>())
        {
            var answer = catalog is null ? new CatalogAnswer(null, failure!) : CatalogJudge.Judge(catalog, expectation);
            var outcome = answer.Holds switch { true => CheckOutcome.Passed, false => CheckOutcome.Failed, null => CheckOutcome.NotChecked };
            Add(new(expectation, outcome, answer.Found, watch.Elapsed));
        }
    }

    private async Task CheckDataAsync(IReadOnlyList<DataCheck> checks, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<DataCheck>(checks);
        var workers = new Task[Math.Min(Math.Max(1, options.Connections), checks.Count)];
        for (var i = 0; i < workers.Length; i++)
            workers[i] = WorkAsync(waiting, cancellationToken);
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private async Task WorkAsync(ConcurrentQueue<DataCheck> waiting, CancellationToken cancellationToken)
    {
        SafeSession? session = null;
        try
        {
            while (waiting.TryDequeue(out var check))
            {
                var watch = Stopwatch.StartNew();
                try
                {
                    session ??= await SafeSession.OpenAsync(target, DataSession, cancellationToken).ConfigureAwait(false);
                    var rows = await session.AttemptAsync(check.Sql, check.Settings, cancellationToken: cancellationToken).ConfigureAwait(false);
                    var answers = check.Judge(rows);
                    for (var i = 0; i < check.Expectations.Count; i++)
                        Add(new(check.Expectations[i], answers[i].Outcome, answers[i].Found, watch.Elapsed));
                }
                catch (SessionException e)
                {
                    foreach (var expectation in check.Expectations)
                        Add(new(expectation, CheckOutcome.NotChecked, e.Message, watch.Elapsed));
                    if (e.SqlState is null && session is not null)
                    {
                        // The connection is lost; the next check tries a new one and says for itself when there is none.
                        await session.DisposeAsync().ConfigureAwait(false);
                        session = null;
                    }
                }
            }
        }
        finally
        {
            if (session is not null)
                await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Add(CheckResult result)
    {
        results[result.Expectation] = result;
        progress?.Report(result);
    }
}

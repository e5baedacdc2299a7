using PolicyLint.Core.Access;
using PolicyLint.Core.Options;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests.Verification;

[Collection(PostgresCollection.Name)]
public sealed class ProbeTests(PostgresFixture postgres)
{
    public static TheoryData<string> Samples() => [.. SampleDatabase.Names];

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task Nobody_gets_at_a_strangers_row_in_a_sample_done_right(string sample)
    {
        await using var database = await SampleDatabase.AtAsync(postgres, sample, PlanPhase.After);
        var run = await ProbeAsync(database);

        Assert.Equal(run.TenantTables, run.Synthesised);
        Assert.NotEmpty(run.Results);
        // Public businesses and shared avatars are what that sample is about.
        Assert.Empty(run.Results.Where(r => r.Outcome == ProbeOutcome.Leaked && r.Table.Name != "business_accounts").Select(static r => $"{r.Table} {r.Role} {r.Attempt} {r.Session}"));
    }

    [SkippableFact]
    public async Task A_widened_policy_is_walked_through_and_nothing_stays_behind()
    {
        await using var database = await SampleDatabase.AtAsync(postgres, "user-isolation-runbook", PlanPhase.After);
        await SampleDatabase.ExecuteAsync(database, "alter policy goals_select_own on public.goals using (user_id = (select auth.uid()) or true)");
        await SampleDatabase.ExecuteAsync(database, "alter policy courses_update_own on public.courses with check (true)");
        // An UPDATE that names its row in WHERE must leave a row that its user can still read.
        await SampleDatabase.ExecuteAsync(database, "create policy readers on public.courses for select to authenticated using (true)");
        var before = await CountAsync(database);
        var run = await ProbeAsync(database);

        Assert.Equal(
            ["public.courses SELECT", "public.courses re-own", "public.goals SELECT"],
            run.Results.Where(static r => r.Outcome == ProbeOutcome.Leaked).Select(static r => $"{r.Table} {r.Attempt}").Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(run.Results, static r => r.Contradicts);
        Assert.Equal(before, await CountAsync(database));
    }

    public static TheoryData<string, string, string> Doors() => new()
    {
        { "update using true", "drop policy goals_update_own on public.goals; create policy goals_update_own on public.goals for update to authenticated using (true) with check (user_id = (select auth.uid()))", "take over" },
        { "delete using true", "drop policy goals_delete_own on public.goals; create policy goals_delete_own on public.goals for delete to authenticated using (true)", "blind DELETE" },
        { "update of anything", "create policy anything on public.goals for update to authenticated using (true) with check (true)", "blind UPDATE, take over" },
        { "insert for others", "create policy anything on public.goals for insert to authenticated with check (true)", "INSERT" },
        { "for nobody", "create policy open on public.goals for select to anon using (auth.uid() is null); grant select on public.goals to anon", "SELECT" },
        { "delete where it is read", "create policy a on public.goals for delete to authenticated using (true); create policy b on public.goals for select to authenticated using (true)", "DELETE, SELECT, blind DELETE" },
    };

    [SkippableTheory]
    [MemberData(nameof(Doors))]
    public async Task A_door_is_found_by_what_goes_through_it(string door, string sql, string attempts)
    {
        _ = door;
        await using var database = await SampleDatabase.AtAsync(postgres, "user-isolation-runbook", PlanPhase.After);
        await SampleDatabase.ExecuteAsync(database, sql);
        var run = await ProbeAsync(database);

        Assert.Equal(attempts, string.Join(", ", run.Results.Where(static r => r.Outcome == ProbeOutcome.Leaked).Select(static r => r.Attempt).Distinct().Order(StringComparer.Ordinal)));
        Assert.DoesNotContain(run.Results, static r => r.Contradicts);
    }

    [SkippableFact]
    public async Task Rows_that_are_there_are_enough_to_see_a_leak()
    {
        await using var database = await SampleDatabase.AtAsync(postgres, "user-isolation-runbook", PlanPhase.After);
        await SampleDatabase.ExecuteAsync(database, """
            insert into auth.users (id, email) values ('00000000-0000-4000-8000-00000000000c', 'c@example.com');
            insert into public.goals (user_id, title) values ('00000000-0000-4000-8000-00000000000c', 'of C');
            alter policy goals_select_own on public.goals using (user_id = (select auth.uid()) or title = 'of C');
            """);
        var run = await ProbeAsync(database, ProbeMode.Read);

        Assert.All(run.Results, static r => Assert.True(r.Attempt is "SELECT" or "any"));
        Assert.Equal(["public.goals"], run.Results.Where(static r => r.Outcome == ProbeOutcome.Leaked).Select(static r => r.Table.ToString()).Distinct());
        Assert.DoesNotContain(run.Results, static r => r.Contradicts);
    }

    private static async Task<ProbeRun> ProbeAsync(ScratchDatabase database, ProbeMode mode = ProbeMode.Write)
    {
        await using var session = await SafeSession.OpenAsync(database.Target);
        var catalog = (await CatalogReader.ReadAsync(session)).Catalog;
        var tenancy = Tenancy.Resolve(catalog, PolicyLintOptions.Default with { Platform = catalog.Platform });
        return await ProbeRunner.RunAsync(database.Target, catalog, tenancy, mode, new SafeSessionOptions());
    }

    private static async Task<string> CountAsync(ScratchDatabase database)
    {
        await using var session = await SafeSession.OpenAsync(database.Target);
        var rows = await session.AttemptAsync("select (select count(*) from public.goals), (select count(*) from public.courses), (select count(*) from auth.users)");
        return string.Join(" ", rows[0]);
    }
}

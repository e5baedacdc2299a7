using Npgsql;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests;

[Collection(PostgresCollection.Name)]
public sealed class SafeSessionTests(PostgresFixture postgres)
{
    [SkippableTheory]
    [InlineData("create table w (i int)")]
    [InlineData("insert into t values (2)")]
    [InlineData("delete from t")]
    [InlineData("truncate t")]
    [InlineData("select nextval('s')")]
    [InlineData("drop table t")]
    [InlineData("grant select on t to public")]
    [InlineData("with gone as (delete from public.t returning 1) select * from gone")]
    [InlineData("select 1; drop table t")]
    [InlineData("set transaction read write")]
    public async Task Nothing_is_written(string sql)
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("readonly", PlatformSql.Plain);
        await using var connection = await database.OpenAsync(default);
        foreach (var ddl in new[] { "create table public.t (i int)", "insert into public.t values (1)", "create sequence public.s" })
            await ScratchCluster.ExecuteAsync(connection, ddl, default);

        await using (var session = await SafeSession.OpenAsync(database.Target))
        {
            Assert.Equal(["on"], await session.QueryAsync("select current_setting('default_transaction_read_only')", static r => r.GetString(0)));
            await Assert.ThrowsAsync<SessionException>(() => session.QueryAsync(sql, static r => 0));
        }

        await using var check = new NpgsqlCommand("select count(*)::int + (select last_value::int from public.s) from public.t", connection);
        Assert.Equal(2, await check.ExecuteScalarAsync());
    }

    [SkippableFact]
    public async Task A_session_sees_one_moment()
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("moment", PlatformSql.Plain);
        await using var connection = await database.OpenAsync(default);
        await using var session = await SafeSession.OpenAsync(database.Target);
        Assert.Equal([false], await session.QueryAsync("select to_regclass('public.later') is not null", static r => r.GetBoolean(0)));
        await ScratchCluster.ExecuteAsync(connection, "create table public.later (i int)", default);
        Assert.Equal([0L], await session.QueryAsync("select count(*) from pg_class where relname = 'later'", static r => r.GetInt64(0)));
    }

    [SkippableFact]
    public async Task Settings_are_fixed_whatever_the_role_has()
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("settings", PlatformSql.Plain);
        await using var connection = await database.OpenAsync(default);
        await ScratchCluster.ExecuteAsync(connection, "alter database settings set quote_all_identifiers = on", default);
        await ScratchCluster.ExecuteAsync(connection, "alter database settings set search_path = public", default);
        await using var session = await SafeSession.OpenAsync(
            database.Target, new SafeSessionOptions { StatementTimeout = TimeSpan.FromMilliseconds(1500), LockTimeout = TimeSpan.FromSeconds(1) });
        var settings = await session.QueryAsync(
            """
            select current_setting('search_path'), current_setting('quote_all_identifiers'), current_setting('statement_timeout'),
              current_setting('lock_timeout'), current_setting('transaction_read_only'), current_setting('transaction_isolation'),
              current_setting('application_name')
            """,
            static r => Enumerable.Range(0, r.FieldCount).Select(r.GetString).ToArray());
        Assert.Equal(["pg_catalog", "off", "1500ms", "1s", "on", "repeatable read", "policylint"], Assert.Single(settings));
    }

    [SkippableFact]
    public async Task A_statement_past_its_time_is_cancelled_and_said()
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("slow", PlatformSql.Plain);
        await using var session = await SafeSession.OpenAsync(database.Target, new SafeSessionOptions { StatementTimeout = TimeSpan.FromMilliseconds(20) });
        var e = await Assert.ThrowsAsync<SessionException>(() => session.QueryAsync("select pg_sleep(600)", static _ => 0));
        Assert.Equal(PostgresErrorCodes.QueryCanceled, e.SqlState);
        Assert.Contains("statement timeout", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_password_is_in_no_message()
    {
        // The secret is also the name of the database that is missing, which the server's message quotes.
        const string Secret = "hunter2-is-long";
        var target = new DatabaseTarget(postgres.Cluster.ConnectionTo(Secret));
        target.Connection.Password = Secret;
        var e = await Assert.ThrowsAsync<SessionException>(() => SafeSession.OpenAsync(target));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, e.SqlState);
        Assert.DoesNotContain(Secret, e.Message.Replace(target.ToString(), "", StringComparison.Ordinal), StringComparison.Ordinal);

        var nobody = DatabaseTarget.Parse($"postgres://u:{Secret}@127.0.0.1:1/d?connect_timeout=1", out _)!;
        e = await Assert.ThrowsAsync<SessionException>(() => SafeSession.OpenAsync(nobody));
        Assert.Contains("127.0.0.1", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_goes_away_is_said()
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("gone", PlatformSql.Plain);
        await using var session = await SafeSession.OpenAsync(database.Target);
        var process = Assert.Single(await session.QueryAsync("select pg_backend_pid()", static r => r.GetInt32(0)));
        await using var connection = await database.OpenAsync(default);
        await ScratchCluster.ExecuteAsync(connection, $"select pg_terminate_backend({process})", default);
        await Assert.ThrowsAsync<SessionException>(() => session.QueryAsync("select 1", static r => r.GetInt32(0)));
    }
}

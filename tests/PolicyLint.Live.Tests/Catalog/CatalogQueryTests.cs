using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests.Catalog;

[Collection(PostgresCatalogCollection.Name)]
public sealed class CatalogQueryTests(PostgresFixture postgres)
{
    private const string ManyPolicies = """
        do $$ begin
          create table public.t (id uuid primary key, owner uuid);
          for i in 1..1001 loop
            execute format('create policy p%s on public.t using (owner = auth.uid() and %s > 0)', i, i);
          end loop;
        end $$
        """;

    [SkippableTheory]
    [InlineData("roles")]
    [InlineData("schemas")]
    [InlineData("relations")]
    [InlineData("columns")]
    [InlineData("parts")]
    [InlineData("policies")]
    [InlineData("functions")]
    [InlineData("types")]
    public async Task Every_query_is_accepted(string query)
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("queries", PlatformSql.Supabase);
        await using var session = await SafeSession.OpenAsync(database.Target);
        Assert.NotNull(await session.QueryAsync(ResourceText.Read($"Catalog/Queries/{query}.sql"), static r => r.FieldCount));
    }

    [SkippableFact]
    public async Task Two_connections_see_one_moment()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("twins", PlatformSql.Supabase);
        await using var connection = await database.OpenAsync(default);
        await ScratchCluster.ExecuteAsync(connection, ManyPolicies, default);
        await using var session = await SafeSession.OpenAsync(database.Target);
        await ScratchCluster.ExecuteAsync(connection, "drop policy p1 on public.t", default);
        await ScratchCluster.ExecuteAsync(connection, "create table public.later (id uuid)", default);
        await using (var twin = await session.TryOpenTwinAsync("true", default))
            Assert.NotNull(twin);

        var catalog = (await CatalogReader.ReadAsync(session)).Catalog;
        Assert.Equal(1001, ((Table)catalog.Relations[new("public", "t")]).Policies.Count);
        Assert.DoesNotContain(new("public", "later"), catalog.Relations.Keys);
    }

    [SkippableFact]
    public async Task One_connection_is_enough()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("alone", PlatformSql.Supabase);
        await using var connection = await database.OpenAsync(default);
        await ScratchCluster.ExecuteAsync(connection, ManyPolicies, default);
        await ScratchCluster.ExecuteAsync(connection, "create role alone login connection limit 1", default);
        var target = database.Target;
        target.Connection.Username = "alone";
        await using var session = await SafeSession.OpenAsync(target);
        Assert.Null(await session.TryOpenTwinAsync("true", default));
        Assert.Equal(1001, ((Table)(await CatalogReader.ReadAsync(session)).Catalog.Relations[new("public", "t")]).Policies.Count);
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests.Catalog;

[Collection(PostgresCatalogCollection.Name)]
public sealed class LiveCatalogTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task The_platform_is_seen_and_its_objects_are_told_from_the_projects()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("seen", PlatformSql.Supabase);
        var catalog = await ReadAsync(
            database,
            "create table public.mine (id uuid)",
            "create function auth.tenant() returns uuid language sql stable as 'select auth.uid()'",
            "create policy own on storage.objects for select to authenticated using (owner = (select auth.uid()))");
        Assert.Equal("supabase", catalog.Platform);
        Assert.Equal(["public", "extensions"], catalog.SearchPath);
        Assert.False(Table(catalog, "public", "mine").IsForeignOwned);
        Assert.True(Table(catalog, "auth", "users").IsForeignOwned);
        Assert.Equal("own", Assert.Single(Table(catalog, "storage", "objects").Policies).Name);
        Assert.True(catalog.Functions[new("auth", "uid")][0].IsForeignOwned);
        Assert.False(catalog.Functions[new("auth", "tenant")][0].IsForeignOwned);
        Assert.True(catalog.Roles["authenticated"].IsForeignOwned);
        Assert.True(catalog.Schemas["auth"].IsForeignOwned);
        Assert.Contains("select:anon", Table(catalog, "public", "mine").Grants.Select(static g => $"{g.Privilege}:{g.Grantee}"));
        foreach (var overloads in catalog.Functions.Where(static f => f.Key != new QualifiedId("auth", "tenant")).Select(static f => f.Value))
            Assert.All(overloads, static f => Assert.True(f.IsForeignOwned, f.CreatedAt.Description));
    }

    [SkippableTheory]
    [InlineData("quote\" and 'apostrophe'")]
    [InlineData("two\nlines\tand -- a comment; drop table x")]
    [InlineData("κόσμε 数据库 \\ $$ %I")]
    [InlineData("ääääääääääääääääääääääääääääääx")] // 63 bytes
    [InlineData("select")]
    public async Task Hostile_names_come_back_as_they_are(string name)
    {
        var q = Identifier.Quote(name);
        await using var database = await postgres.Cluster.CreateDatabaseAsync("hostile", PlatformSql.Plain);
        var reading = await ReadingAsync(
            database,
            $"create role {q}",
            $"create schema {q}",
            $"create type {q}.{q} as enum ('a')",
            $"create function {q}.{q}({q} integer) returns integer language sql as 'select 1'",
            $"create table {q}.{Identifier.Quote("t" + name[..^1])} ({q} {q}.{q} primary key, b integer default {q}.{q}(1))",
            $"alter table {q}.{Identifier.Quote("t" + name[..^1])} enable row level security",
            $"grant select on {q}.{Identifier.Quote("t" + name[..^1])} to {q}",
            $"create policy {q} on {q}.{Identifier.Quote("t" + name[..^1])} to {q} using ({q}.{q}(b) = 1 and {q} = 'a')",
            $"create view {q}.{Identifier.Quote("v" + name[..^1])} as select {q} as {Identifier.Quote("c" + name[..^1])} from {q}.{Identifier.Quote("t" + name[..^1])}");
        Assert.Empty(reading.Issues.Select(static i => i.Message));
        var table = Table(reading.Catalog, name, "t" + name[..^1]);
        Assert.Equal(name, table.Columns[0].Name);
        Assert.Equal(name, Assert.Single(table.Policies).Name);
        Assert.Equal([name], table.Policies[0].Roles);
        Assert.Equal([("select", name)], table.Grants.Select(static grant => (grant.Privilege, grant.Grantee)));
        Assert.Contains(name, reading.Catalog.Schemas.Keys);
        Assert.Contains(new QualifiedId(name, name), reading.Catalog.Types.Keys);
        Assert.Equal(name, reading.Catalog.Functions[new(name, name)][0].Parameters[0].Name);
        Assert.Equal("c" + name[..^1], ((View)reading.Catalog.Relations[new(name, "v" + name[..^1])]).Columns[0].Name);
    }

    [SkippableFact]
    public async Task Objects_of_an_extension_are_marked()
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("extension", PlatformSql.Plain);
        await using (var session = await SafeSession.OpenAsync(database.Target))
        {
            var available = await session.QueryAsync("select 1 from pg_available_extensions where name = 'hstore'", static r => r.GetInt32(0));
            Skip.If(available.Count == 0, "hstore is not installed.");
        }

        var catalog = await ReadAsync(database, "create extension hstore");
        Assert.Contains("hstore", catalog.Extensions);
        Assert.True(catalog.Types[new("public", "hstore")].IsForeignOwned);
        Assert.All(catalog.Functions[new("public", "hstore")], static f => Assert.True(f.IsForeignOwned));
    }

    [SkippableFact]
    public async Task A_role_that_may_read_nothing_reads_the_same_catalog()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("modest", PlatformSql.Supabase);
        var all = await ReadAsync(
            database,
            "create table public.t (id uuid primary key, owner uuid)",
            "alter table public.t enable row level security",
            "create policy p on public.t using (owner = auth.uid())",
            "create role modest login");
        var target = database.Target;
        target.Connection.Username = "modest";
        await using var session = await SafeSession.OpenAsync(target);
        var modest = (await CatalogReader.ReadAsync(session)).Catalog;
        Assert.Equal(all.Relations.Keys.Order(ById), modest.Relations.Keys.Order(ById));
        Assert.Equal(Table(all, "public", "t").Policies[0].Using!.ToString(), Table(modest, "public", "t").Policies[0].Using!.ToString());
    }

    [SkippableFact]
    public async Task An_invalid_index_is_seen()
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("invalid", PlatformSql.Plain);
        await using (var connection = await database.OpenAsync(default))
        {
            foreach (var sql in new[] { "create table public.t (i integer)", "insert into public.t values (1), (1)" })
                await ScratchCluster.ExecuteAsync(connection, sql, default);

            await Assert.ThrowsAsync<Npgsql.PostgresException>(
                () => ScratchCluster.ExecuteAsync(connection, "create unique index concurrently broken on public.t (i)", default));
        }

        var catalog = await ReadAsync(database);
        Assert.False(Assert.Single(Table(catalog, "public", "t").Indexes).IsValid);
    }

    private static readonly Comparer<QualifiedId> ById = Comparer<QualifiedId>.Create(CatalogLookup.CompareIds);

    private static Table Table(DatabaseCatalog catalog, string schema, string name) => (Table)catalog.Relations[new QualifiedId(schema, name)];

    private static async Task<DatabaseCatalog> ReadAsync(ScratchDatabase database, params string[] statements) =>
        (await ReadingAsync(database, statements)).Catalog;

    private static async Task<CatalogReading> ReadingAsync(ScratchDatabase database, params string[] statements)
    {
        await using var connection = await database.OpenAsync(default);
        foreach (var statement in statements)
            await ScratchCluster.ExecuteAsync(connection, statement, default);

        await using var session = await SafeSession.OpenAsync(database.Target);
        return await CatalogReader.ReadAsync(session);
    }
}

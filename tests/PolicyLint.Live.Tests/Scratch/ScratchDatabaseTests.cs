using Npgsql;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Tests.Scratch;

[Collection(PostgresCollection.Name)]
public sealed class ScratchDatabaseTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task Databases_of_one_cluster_do_not_see_each_other()
    {
        await using var one = await postgres.Cluster.CreateDatabaseAsync("one", PlatformSql.Plain);
        await using var two = await postgres.Cluster.CreateDatabaseAsync("two", PlatformSql.Supabase);
        await using var inOne = await one.DataSource().OpenConnectionAsync();
        await using var inTwo = await two.DataSource().OpenConnectionAsync();
        Assert.Equal(false, await ScalarAsync(inOne, "select to_regclass('auth.users') is not null"));
        Assert.Equal(true, await ScalarAsync(inTwo, "select to_regclass('auth.users') is not null"));
    }

    [SkippableFact]
    public async Task Roles_that_migrations_made_go_with_the_database()
    {
        for (var i = 0; i < 2; i++)
        {
            await using var database = await postgres.Cluster.CreateDatabaseAsync("roles", PlatformSql.Plain);
            await using var connection = await database.DataSource().OpenConnectionAsync();
            await ScalarAsync(connection, "create role made_by_a_migration");
            await ScalarAsync(connection, "create table public.t ()");
            await ScalarAsync(connection, "grant select on public.t to made_by_a_migration");
        }
    }

    [SkippableFact]
    public async Task A_plain_database_has_no_roles_of_a_platform_that_was_here_before()
    {
        foreach (var platform in new[] { PlatformSql.Supabase, PlatformSql.Plain, PlatformSql.Supabase })
        {
            await using var database = await postgres.Cluster.CreateDatabaseAsync("turns", platform);
            await using var connection = await database.DataSource().OpenConnectionAsync();
            Assert.Equal(platform == PlatformSql.Supabase, await ScalarAsync(connection, "select to_regrole('anon') is not null"));
        }
    }

    [SkippableFact]
    public async Task Every_platform_applies_and_again_from_its_template()
    {
        foreach (var platform in PlatformSql.All)
        {
            await using var first = await postgres.Cluster.CreateDatabaseAsync(platform.Name + "_first", platform);
            await using var second = await postgres.Cluster.CreateDatabaseAsync(platform.Name + "_second", platform);
            await using var connection = await second.DataSource().OpenConnectionAsync();
            Assert.Equal(string.Join(", ", platform.SearchPath.Select(static s => s == "$user" ? "\"$user\"" : s)), await ScalarAsync(connection, "show search_path"));
        }
    }

    [SkippableFact]
    public async Task A_platform_names_every_schema_and_role_that_its_scripts_make()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("named", PlatformSql.Supabase);
        await using var connection = await database.DataSource().OpenConnectionAsync();
        await using var command = new NpgsqlCommand("select nspname::text from pg_namespace where oid >= 16384", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            Assert.Contains(reader.GetString(0), PlatformSql.Supabase.Schemas);

        foreach (var line in PlatformSql.Supabase.Scripts[0].Text.Split('\n').Where(static l => l.StartsWith("create role ", StringComparison.Ordinal)))
            Assert.Contains(line.Split(' ', ';')[2], PlatformSql.Supabase.Roles);
    }

    [SkippableFact]
    public async Task The_supabase_session_functions_read_the_token()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("token", PlatformSql.Supabase);
        await using var connection = await database.DataSource("authenticated").OpenConnectionAsync();
        Assert.Equal("authenticated", await ScalarAsync(connection, "select current_user::text"));
        Assert.Equal(DBNull.Value, await ScalarAsync(connection, "select auth.uid()"));
        await ScalarAsync(connection, """select set_config('request.jwt.claims', '{"sub":"11111111-1111-1111-1111-111111111111","role":"authenticated"}', false)""");
        Assert.Equal(Guid.Parse("11111111-1111-1111-1111-111111111111"), await ScalarAsync(connection, "select auth.uid()"));
        Assert.Equal("authenticated", await ScalarAsync(connection, "select auth.role()"));
    }

    [SkippableFact]
    public async Task New_tables_in_public_are_open_to_the_api_roles_of_supabase()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("grants", PlatformSql.Supabase);
        await using var connection = await database.DataSource().OpenConnectionAsync();
        await ScalarAsync(connection, "create table public.t (id uuid default uuid_generate_v4())");
        Assert.Equal(true, await ScalarAsync(connection, "select has_table_privilege('anon', 'public.t', 'select')"));
        Assert.Equal(true, await ScalarAsync(connection, "select relrowsecurity from pg_class where oid = 'storage.objects'::regclass"));
        Assert.Equal("jpg", await ScalarAsync(connection, "select storage.extension('a/b/c.tar.jpg')"));
        Assert.Equal(new[] { "a", "b" }, await ScalarAsync(connection, "select storage.foldername('a/b/c.jpg')"));
    }

    [SkippableFact]
    public async Task The_stand_ins_of_extensions_are_accepted_and_agree_with_the_originals()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("standins", PlatformSql.Supabase);
        await using var connection = await database.DataSource().OpenConnectionAsync();
        await ScalarAsync(connection, "drop schema extensions cascade");
        await ScalarAsync(connection, "create schema extensions");
        foreach (var script in PlatformSql.Supabase.Scripts.Where(static s => s.Kind == PlatformScriptKind.Extension))
            await ScalarAsync(connection, $"do $x$ begin\n{script.Text}\nend $x$");

        Assert.Equal(true, await ScalarAsync(connection, "select extensions.uuid_generate_v4() <> extensions.uuid_generate_v4()"));
        Assert.Equal(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            await ScalarAsync(connection, "select encode(extensions.digest('abc', 'sha256'), 'hex')"));
        Assert.Equal(true, await ScalarAsync(connection, """
            select extensions.crypt('right', stored) = stored and extensions.crypt('wrong', stored) <> stored
            from (select extensions.crypt('right', extensions.gen_salt('bf', 8))) as s (stored)
            """));
        Assert.Equal(16, await ScalarAsync(connection, "select length(extensions.gen_random_bytes(16))"));
    }

    [SkippableTheory]
    [InlineData("with \"quotes\" and 'more'")]
    [InlineData("two\nlines; drop database postgres")]
    [InlineData("κόσμε 数据库 \\ $$")]
    [InlineData("ääääääääääääääääääääääääääääääx")] // 63 bytes
    public async Task A_hostile_name_is_a_name(string name)
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync(name, PlatformSql.Plain);
        await using var connection = await database.DataSource().OpenConnectionAsync();
        Assert.Equal(name, await ScalarAsync(connection, "select current_database()::text"));
        await ScalarAsync(connection, $"create role {Identifier.Quote(name)}");
        await using var asRole = await database.DataSource(name).OpenConnectionAsync();
        Assert.Equal(name, await ScalarAsync(asRole, "select current_user::text"));
        await asRole.CloseAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

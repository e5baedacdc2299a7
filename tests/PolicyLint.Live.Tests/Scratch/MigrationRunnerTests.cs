using Npgsql;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Tests.Scratch;

[Collection(PostgresCatalogCollection.Name)]
public sealed class MigrationRunnerTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task Files_are_applied_in_order()
    {
        var (run, tables) = await ApplyAsync(
            ("1.sql", "create table a (i int);\ncreate table b (i int);", true), ("2.sql", "alter table a rename to c", false));
        Assert.True(run.Succeeded);
        Assert.Equal((3, 2), (run.Statements, run.Files));
        Assert.Equal("b,c", tables);
    }

    [SkippableFact]
    public async Task A_file_in_one_transaction_is_applied_as_a_whole_or_not_at_all()
    {
        var (run, tables) = await ApplyAsync(
            ("1.sql", "create table a (i int);", true),
            ("2.sql", "create table b (i int);\ncreate index on missing (i);\ncreate table c (i int);", true),
            ("3.sql", "create table d (i int);", true));
        Assert.False(run.Succeeded);
        Assert.Equal("a", tables);
        Assert.Equal(["2.sql:2:1-28 42P01 relation \"missing\" does not exist", "3.sql not applied: a file before it failed"], Describe(run));
    }

    [SkippableFact]
    public async Task Without_a_transaction_what_was_done_until_the_error_stays()
    {
        var (run, tables) = await ApplyAsync(("1.sql", "create table a (i int);\ncreate table a (i int);\ncreate table c (i int);", false));
        Assert.Equal("a", tables);
        Assert.Equal(MigrationNoteKind.Failed, Assert.Single(run.Notes).Kind);
    }

    [SkippableFact]
    public async Task The_place_of_an_error_counts_characters_as_the_editor_does()
    {
        var (run, _) = await ApplyAsync(("1.sql", "select '😀😀', nowhere;", false));
        Assert.Equal(["1.sql:1:16-23 42703 column \"nowhere\" does not exist"], Describe(run));
    }

    [SkippableFact]
    public async Task Statements_with_semicolons_inside_stay_whole()
    {
        var (run, tables) = await ApplyAsync(("1.sql", """
            create function f() returns int language sql begin atomic select 1; select 2; end;
            do $$ begin perform 1; create table a (i int); end $$;
            create table b (c text default ';', d text default E'\';');
            /* one; /* two; */ three; */
            create table ":x @y" (i int); -- :not @parameters
            """, false));
        Assert.Empty(Describe(run));
        Assert.Equal(":x @y,a,b", tables);
    }

    [SkippableFact]
    public async Task A_transaction_of_the_files_own_is_respected()
    {
        var (run, tables) = await ApplyAsync(
            ("1.sql", "begin; create table a (i int); rollback; begin; create table b (i int); commit;", false),
            ("2.sql", "create table c (i int); begin; create table d (i int);", false));
        Assert.Equal(MigrationNoteKind.OpenTransaction, Assert.Single(run.Notes).Kind);
        Assert.True(run.Succeeded);
        Assert.Equal("b,c", tables);
    }

    [SkippableFact]
    public async Task What_one_file_sets_does_not_reach_the_next()
    {
        var (run, tables) = await ApplyAsync(
            ("1.sql", "create schema other; set search_path = other; set role pg_monitor;", false), ("2.sql", "create table a (i int);", false));
        Assert.Empty(Describe(run));
        Assert.Equal("a", tables);
    }

    [SkippableFact]
    public async Task A_deferred_constraint_fails_at_the_end_of_the_files_transaction()
    {
        var (run, tables) = await ApplyAsync(("1.sql", """
            create table a (i int primary key, j int references a deferrable initially deferred);
            insert into a values (1, 2);
            """, true));
        Assert.Equal("23503", Assert.Single(run.Notes).SqlState);
        Assert.Equal("", tables);
    }

    [SkippableFact]
    public async Task An_extension_that_is_not_installed_is_passed_over_and_said()
    {
        var (run, tables) = await ApplyAsync(("1.sql", """
            create extension if not exists "no_such-thing" with schema public;
            comment on extension "no_such-thing" is 'x';
            create table a (i int);
            """, true));
        Assert.Equal(["1.sql:1:1-66  not applied: extension no_such-thing is not installed here"], Describe(run));
        Assert.True(run.Succeeded);
        Assert.Equal("a", tables);
    }

    [SkippableTheory]
    [InlineData("vector", "create table a (e vector(3) default '[1,2,3]', h halfvec(2)); create index on a using hnsw (e vector_cosine_ops) with (m = 16); select e <=> '[3,2,1]' from a;")]
    [InlineData("pg_cron", "select cron.schedule('nightly', '0 3 * * *', 'vacuum'); select cron.unschedule('nightly'); create table a ();")]
    [InlineData("pg_net", "select net.http_post(url := 'http://localhost', body := '{}'); create table a ();")]
    [InlineData("http", "select (http_get('http://localhost')).status; create table a (r http_request);")]
    [InlineData("wrappers", "create foreign data wrapper w handler stripe_fdw_handler validator stripe_fdw_validator; create server s foreign data wrapper w options (key 'x'); create table a ();")]
    [InlineData("pgjwt", "select sign('{}', 'secret'), convert_from(url_decode(url_encode('abc')), 'UTF8'); create table a ();")]
    public async Task An_extension_with_a_stand_in_can_be_used(string extension, string use)
    {
        var (run, tables) = await ApplyAsync(("1.sql", $"create extension if not exists {extension}; create extension if not exists {extension}; {use}", true));
        Assert.DoesNotContain(run.Notes, static n => n.Kind == MigrationNoteKind.Failed);
        Assert.Equal("a", tables);
        Assert.All(run.Notes, static n => Assert.True(n.Kind == MigrationNoteKind.ExtensionStandIn, n.Message));
    }

    [SkippableFact]
    public async Task What_a_stand_in_makes_belongs_to_its_extension()
    {
        var (run, tables) = await ApplyAsync(("1.sql", """
            create extension vector;
            create extension no_such;
            comment on extension vector is 'x';
            do $$ begin
              if exists (select from pg_proc p where pronamespace = 'public'::regnamespace
                and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')) then
                raise 'a function is nobody''s';
              end if;
              if (select count(*) from pg_extension where extname in ('vector', 'no_such')) <> 2 then raise 'an extension is missing'; end if;
            end $$;
            drop extension vector;
            drop extension no_such;
            create extension if not exists vector;
            create table a (e vector(3));
            """, true));
        Assert.DoesNotContain(run.Notes, static n => n.Kind == MigrationNoteKind.Failed);
        Assert.Equal("a", tables);
    }

    [SkippableFact]
    public async Task A_stand_in_goes_to_the_schema_that_is_named_and_leaves_the_search_path_alone()
    {
        var (run, tables) = await ApplyAsync(("1.sql", """
            create schema "Ext ""1"" 'x'";
            create extension pgjwt with schema "Ext ""1"" 'x'";
            select "Ext ""1"" 'x'".sign('{}', 'secret');
            create table a ();
            """, true));
        Assert.DoesNotContain(run.Notes, static n => n.Kind == MigrationNoteKind.Failed);
        Assert.Equal("a", tables);

        (run, _) = await ApplyAsync(("1.sql", "create extension pgjwt with schema nowhere;", true));
        Assert.Equal(["1.sql:1:1-43 3F000"], Describe(run).Skip(run.Notes.Count - 1).Select(static d => d[..18]));
    }

    [SkippableFact]
    public async Task The_data_of_a_copy_are_loaded()
    {
        var (run, tables) = await ApplyAsync(("1.sql", """
            \set ON_ERROR_STOP on
            create table a (i int, t text);
            copy a (i, t) from stdin;
            1	one; two
            2	\N
            \.
            create table b as select count(*) as n, max(t) as t from a;
            do $$ begin if (select n <> 2 or t <> 'one; two' from b) then raise 'wrong'; end if; end $$;
            \i other.sql
            """, true));
        Assert.Equal(["1.sql:9:1-13  not applied: \\i is a command of psql"], Describe(run));
        Assert.Equal("a,b", tables);
    }

    [SkippableFact]
    public async Task Only_the_ranges_of_a_file_are_applied()
    {
        const string Text = "-- migrate:up\ncreate table a (i int);\n-- migrate:down\ndrop table a;\n";
        await using var database = await postgres.Cluster.CreateDatabaseAsync("ranges", PlatformSql.Plain);
        var end = Text.IndexOf("-- migrate:down", StringComparison.Ordinal);
        var run = await MigrationRunner.ApplyAsync(
            database, [new InputFile(new SourceText(Text, "1.sql"), ScriptRole.Migration, true, [TextSpan.FromBounds(14, end)])]);
        Assert.Equal(1, run.Statements);
    }

    private async Task<(MigrationRun Run, string Tables)> ApplyAsync(params (string Path, string Text, bool IsOneTransaction)[] files)
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("runner", PlatformSql.Plain);
        var run = await MigrationRunner.ApplyAsync(
            database, [.. files.Select(static f => new InputFile(new SourceText(f.Text, f.Path), ScriptRole.Migration, f.IsOneTransaction))]);
        await using var connection = await database.OpenAsync(default);
        await using var command = new NpgsqlCommand(
            "select coalesce(string_agg(relname::text, ',' order by relname), '') from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and oid not in (select objid from pg_depend where deptype = 'e')", connection);
        return (run, (string)(await command.ExecuteScalarAsync())!);
    }

    private static IEnumerable<string> Describe(MigrationRun run) => run.Notes.Select(static note =>
    {
        if (note.Kind == MigrationNoteKind.NotReached)
            return $"{note.Source.Path} {note.Message}";

        var start = note.Source.GetPosition(note.Span.Start);
        var end = note.Source.GetPosition(note.Span.End);
        return $"{note.Source.Path}:{start.Line + 1}:{start.Column + 1}-{end.Column + 1} {note.SqlState} {note.Message}";
    });
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Tests.Access;

public sealed class LastingEffectsTests
{
    private const string Log = "create sequence s; create table log (id bigserial primary key, t text); ";
    private const string Trigger = " language plpgsql as $$ begin {0} return new; end $$; create trigger g before insert or update on t for each row execute function f();";

    [Theory]
    [InlineData("create table t (id int);", "")]
    [InlineData("create table t (id bigserial);", "")]
    [InlineData("create table t (id int); create policy p on t using (nextval('s') > 0);", "a number is drawn")]
    [InlineData("create table t (id int check (nextval('s') > id));", "a number is drawn")]
    [InlineData("create function f() returns boolean language sql as $$ select setval('s', 1) > 0 $$; create table t (id int); create policy p on t using (f());", "setval is called")]
    [InlineData("create function f() returns boolean language plpython3u as $$ return True $$; create table t (id int); create policy p on t using (f());", "can't be read")]
    [InlineData("create view v as select nextval('s') as n; create table t (id int); create policy p on t using (exists (select from v));", "a number is drawn")]
    [InlineData("create table t (id int); create function f() returns trigger" + Trigger, "", "new.id := 1;")]
    [InlineData("create table t (id int); create function f() returns trigger" + Trigger, "the trigger g on public.t fires: a number is drawn", "new.id := nextval('s');")]
    [InlineData("create table t (id int); create function f() returns trigger" + Trigger, "the trigger g on public.t fires: a number is drawn", "insert into log (t) values ('x');")]
    [InlineData("create table t (id int); create function f() returns trigger" + Trigger, "puts together", "execute 'select 1';")]
    [InlineData("create table t (id int); create function f() returns trigger" + Trigger, "a statement other than", "notify x;")]
    [InlineData("create table t (id int primary key); create table c (t int references t on delete cascade); create function f() returns trigger language plpgsql as $$ begin perform nextval('s'); return old; end $$; create trigger g after delete on c for each row execute function f();", "the trigger g on public.c fires")]
    [InlineData("create table t (id int) partition by list (id); create table one partition of t for values in (1); create function f() returns trigger language plpgsql as $$ begin perform nextval('s'); return new; end $$; create trigger g before insert on one for each row execute function f();", "the trigger g on public.one fires")]
    public void What_a_rollback_leaves_done_is_seen(string sql, string expected, string body = "")
    {
        var catalog = Replay(Log + sql.Replace("{0}", body, StringComparison.Ordinal));
        var found = new LastingEffects(catalog).Of((Table)catalog.Relations[new("public", "t")], firesTriggers: true, evaluatesDefaults: false);

        if (expected.Length == 0)
            Assert.Null(found);
        else
            Assert.Contains(expected, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_triggers_and_defaults_there_is_less()
    {
        var catalog = Replay(Log + "create table t (id bigint generated always as identity);" +
            " create function f() returns trigger language plpgsql as $$ begin perform nextval('s'); return new; end $$; create trigger g before delete on t for each row execute function f();");
        var table = (Table)catalog.Relations[new("public", "t")];
        var effects = new LastingEffects(catalog);

        Assert.Null(effects.Of(table, firesTriggers: false, evaluatesDefaults: false));
        Assert.Null(effects.OfInsert(table, firesTriggers: true));
        Assert.Contains("public.t.id draws a number", effects.Of(table, firesTriggers: false, evaluatesDefaults: true), StringComparison.Ordinal);
    }

    private static ICatalog Replay(string sql) =>
        SqlAnalyzer.Replay(new([new InputFile(new SourceText(sql, "1.sql"), ScriptRole.Migration, IsOneTransaction: false)], PolicyLintOptions.Default, AnalysisLimits.Cli)).Catalog;
}

using FsCheck;
using FsCheck.Fluent;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Logic;

/// <summary>An answer that is found again is the one that would be given anew.</summary>
public class KnownAnswerTests
{
    private static readonly PolicyCommand[] s_commands = [PolicyCommand.Select, PolicyCommand.Insert, PolicyCommand.Update, PolicyCommand.Delete];

    [Fact]
    public void With_and_without_kept_answers_the_verdicts_are_equal()
    {
        var answers = new KnownAnswers();
        foreach (var schema in Schema().Sample(60, 10))
            AssertSame(schema, answers);
        Assert.True(answers.Count > 100);
    }

    [Theory]
    [InlineData("alter table docs alter column org set not null;")]
    [InlineData("alter table members add constraint one unique (u);")]
    [InlineData("create unique index on members (u);")]
    [InlineData("alter table docs add check (owner is not null);")]
    [InlineData("alter table docs alter column n type text;")]
    [InlineData("alter policy m on members using (false);")]
    [InlineData("alter table members disable row level security;")]
    [InlineData("alter role app bypassrls;")]
    [InlineData("grant other to app;")]
    [InlineData("create or replace function in_org(o uuid) returns boolean language sql stable security definer as $$ select true $$;")]
    [InlineData("drop function in_org(uuid) cascade;")]
    [InlineData("create schema auth2; create table app.members(org uuid, u uuid); set search_path = app, public;")]
    [InlineData("drop table members cascade;")]
    [InlineData("alter table members rename column org to orga;")]
    [InlineData("drop policy p on docs; create policy p on docs to app using (owner = auth.uid() or n = 3);")]
    public void A_change_that_bears_on_the_question_is_seen(string change)
    {
        const string Before = """
            create role app; create role other; create schema app;
            create table orgs(id uuid primary key, boss uuid);
            create table members(org uuid not null references orgs(id), u uuid not null, admin boolean);
            create table docs(id int primary key, owner uuid, org uuid references orgs(id), n int, p boolean);
            create function in_org(o uuid) returns boolean language sql stable security definer as $$ select exists (select 1 from members m where m.org = o and m.u = auth.uid()) $$;
            alter table docs enable row level security;
            alter table members enable row level security;
            create policy m on members to app using (u = auth.uid());
            create policy p on docs to app using (org in (select m.org from members m) and in_org(org) or owner = auth.uid() and n = 3);
            create policy other on docs to other using (n = 4);

            """;
        var answers = new KnownAnswers();
        AssertSame(Before, answers);
        AssertSame(Before + change, answers);
    }

    [Theory]
    [InlineData("create or replace function opaque(a uuid) returns boolean language plpgsql stable as $$ begin perform 1; return exists (select 1 from members where org = a limit 1 offset 2); end $$;")]
    [InlineData("create or replace function opaque(a uuid) returns boolean language plpgsql stable security definer as $$ begin perform 1; return exists (select 1 from members where org = a limit 1 offset 1); end $$;")]
    [InlineData("alter policy m on members using (admin and u = auth.uid());")]
    [InlineData("alter policy m on members to other;")]
    [InlineData("alter table members disable row level security;")]
    [InlineData("create or replace function plain(a uuid) returns boolean language sql stable as $$ select a is null $$;")]
    [InlineData("alter policy p on docs using (opaque(org) and owner = auth.uid());")]
    [InlineData("alter table docs alter column n set not null;")]
    [InlineData("alter role app bypassrls;")]
    public void A_change_between_two_states_is_seen(string change)
    {
        const string Before = """
            create role app; create role other;
            create table members(org uuid not null, u uuid not null, admin boolean);
            create table docs(id int primary key, owner uuid, org uuid, n int);
            create table notes(id int primary key, owner uuid, team uuid, n int);
            create function opaque(a uuid) returns boolean language plpgsql stable as $$ begin perform 1; return exists (select 1 from members where org = a limit 1 offset 1); end $$;
            create function plain(a uuid) returns boolean language sql stable as $$ select exists (select 1 from members m where m.org = a and m.u = auth.uid()) $$;
            alter table docs enable row level security;
            alter table notes enable row level security;
            alter table members enable row level security;
            create policy m on members to app using (u = auth.uid());
            create policy p on docs to app using (opaque(org) or owner = auth.uid() and n = 3);
            create policy q on docs for insert to app with check (plain(org));
            create policy p on notes to app using (opaque(team) or owner = auth.uid() and n = 3);

            """;
        var answers = new KnownAnswers();
        AssertSame(Before, Before + "create table unrelated(id int);", answers);
        AssertSame(Before, Before + change, answers);
        AssertSame(Before + change, Before, answers);
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        var answers = new KnownAnswers(capacity: 300);
        foreach (var schema in Schema().Sample(20, 10))
        {
            AssertSame(schema, answers);
            Assert.True(answers.Count <= 300);
        }
    }

    private static DatabaseCatalog Replay(string schema) =>
        CatalogReplay.Run([new Script(SqlParser.Parse(new SourceText(schema, "schema.sql")), ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;

    private static void AssertSame(string before, string after, KnownAnswers answers)
    {
        DatabaseCatalog old = Replay(before), current = Replay(after);
        var tenancy = Tenancy.Resolve(current, new PolicyLintOptions());
        foreach (var table in current.TablesInOrder())
        {
            if (table.IsForeignOwned || !old.Relations.TryGetValue(table.Id, out var was))
                continue;
            foreach (var form in Enum.GetValues<StatementForm>())
            {
                foreach (var clause in Enum.GetValues<PolicyClause>())
                {
                    foreach (var role in (string[])["app", "other", "anon"])
                        Assert.Equal(Text(IsAdditive((Table)was, table, form, clause, role, null)), Text(IsAdditive((Table)was, table, form, clause, role, answers)));
                }
            }
        }

        Verdict IsAdditive(Table was, Table table, StatementForm form, PolicyClause clause, string role, KnownAnswers? known) =>
            new AccessModel(current, tenancy, AnalysisLimits.Cli) { Answers = known }
                .IsAdditive(new(old, tenancy, AnalysisLimits.Cli) { Answers = known }, was, table, form, role, clause);
    }

    private static void AssertSame(string schema, KnownAnswers answers)
    {
        var catalog = Replay(schema);
        var tenancy = Tenancy.Resolve(catalog, new PolicyLintOptions());
        var kept = new AccessModel(catalog, tenancy, AnalysisLimits.Cli) { Answers = answers };
        var anew = new AccessModel(catalog, tenancy, AnalysisLimits.Cli) { Answers = null };
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.IsForeignOwned)
                continue;
            foreach (var role in (string[])["app", "other", "anon"])
            {
                foreach (var command in s_commands)
                {
                    var clause = command == PolicyCommand.Insert ? PolicyClause.WithCheck : PolicyClause.Using;
                    Assert.Equal(Text(anew.Isolates(table, command, role, clause)), Text(kept.Isolates(table, command, role, clause)));
                    Assert.Equal(Text(anew.IsClosedWithoutUser(table, command, clause, role, [])), Text(kept.IsClosedWithoutUser(table, command, clause, role, [])));
                }
            }
            foreach (var policy in table.Policies)
            {
                if (policy.Using is { } predicate)
                    Assert.Equal(Text(anew.IsNeverTrue(table, predicate)), Text(kept.IsNeverTrue(table, predicate)));
            }
        }
    }

    private static string Text(Verdict verdict) => verdict switch
    {
        Verdict.Proven proven => "proven " + string.Join("; ", proven.Assumptions),
        Verdict.Refuted refuted => "refuted " + refuted.Witness,
        Verdict.Unknown unknown => unknown.Reason + " " + unknown.Detail + " " + unknown.Candidate,
        _ => "",
    };

    // The same few shapes over tables and columns under other names, some of which mean something else there.
    private static Gen<string> Schema()
    {
        var names = Gen.Shuffle<string>(["docs", "notes", "members", "orgs", "m", "o"]);
        var columns = Gen.Shuffle<string>(["id", "owner_id", "org", "u", "n", "boss"]);
        var constraint = Gen.Elements("", " not null", " references {3}({id}) not null", " references {3}({id})", " unique");
        var predicate = Gen.Elements(
            "{owner} = auth.uid()", "{owner} = (select auth.uid())", "{owner} is null or {owner} = auth.uid()", "{n} < 2 and {owner} = auth.uid()", "{n} < 2",
            "exists (select 1 from {2} x where x.{org} = {org} and x.{u} = auth.uid())",
            "exists (select 1 from {2} {0} where {0}.{org} = {org} and {u} = auth.uid())",
            "{org} in (select {org} from {2} where {u} = auth.uid())",
            "{org} = (select {3}.{id} from {3} where {3}.{boss} = auth.uid() limit 1)",
            "help({org})", "help({org}) and {owner} = auth.uid()", "opaque({owner})", "{owner} = auth.uid() and opaque({org})");
        return from name in names
               from column in columns
               from first in constraint
               from second in constraint
               from policy in predicate.Two()
               from inner in Gen.Elements("", "alter table {2} enable row level security; create policy i on {2} to app using ({u} = auth.uid());", "alter table {2} enable row level security;")
               select Fill(
                   "create role app; create role other; create table {3}({id} uuid primary key, {boss} uuid);"
                   + "create table {2}({org} uuid, {u} uuid not null, primary key ({org}, {u}));"
                   + $"create table {{0}}({{id}} int primary key, {{owner}} uuid{first}, {{org}} uuid{second}, {{n}} int); create table {{1}}({{id}} int, {{owner}} uuid, {{org}} uuid, {{n}} int);"
                   + "create function help(a uuid) returns boolean language sql stable security definer as $$ select exists (select 1 from {2} where {org} = a and {u} = auth.uid()) $$;"
                   + "create function opaque(a uuid) returns boolean language plpgsql stable as $$ begin if a is null then return false; end if; return true; end $$;"
                   + "alter table {0} enable row level security; alter table {1} enable row level security;" + inner
                   + $"create policy a on {{0}} to app using ({policy.Item1}); create policy b on {{0}} for select to other using ({policy.Item2}); create policy c on {{1}} using ({policy.Item1.Replace("{3}", "{0}", StringComparison.Ordinal)});",
                   name, column);
    }

    private static string Fill(string text, string[] names, string[] columns)
    {
        string[] keys = ["id", "owner", "org", "u", "n", "boss"];
        for (var i = 0; i < names.Length; i++)
            text = text.Replace("{" + i + "}", names[i], StringComparison.Ordinal);
        for (var i = 0; i < keys.Length; i++)
            text = text.Replace("{" + keys[i] + "}", columns[i], StringComparison.Ordinal);
        return text;
    }
}

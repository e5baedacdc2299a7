using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Access;

public class AccessModelTests
{
    private const string Schema = """
        create role app; create role lead; create role lurker; create role admin bypassrls; create role root superuser; create role keeper;
        grant app to lead; create role shy noinherit; grant app to shy;
        create table docs(id bigint primary key, user_id uuid not null, state text);
        create table members(org_id uuid, user_id uuid);
        alter table docs owner to keeper; alter table docs enable row level security;
        create function me() returns uuid language sql stable as $$ select auth.uid() $$;
        """;

    // p proven, r refuted, u unknown, for the rows touched and the rows left behind; none are touched, or left, by some forms.
    [Theory]
    [InlineData("create policy s on docs for select using (user_id = auth.uid()); create policy u on docs for update using (true);", StatementForm.Update, "app", "pp")]
    [InlineData("create policy s on docs for select using (user_id = auth.uid()); create policy u on docs for update using (true);", StatementForm.BlindUpdate, "app", "rr")]
    [InlineData("create policy s on docs for select using (user_id = auth.uid()); create policy d on docs for delete using (true);", StatementForm.Delete, "app", "pp")]
    [InlineData("create policy s on docs for select using (user_id = auth.uid()); create policy d on docs for delete using (true);", StatementForm.BlindDelete, "app", "rp")]
    [InlineData("create policy s on docs for select using (user_id = auth.uid()); create policy i on docs for insert with check (true);", StatementForm.Insert, "app", "pr")]
    [InlineData("create policy s on docs for select using (user_id = auth.uid()); create policy i on docs for insert with check (true);", StatementForm.InsertReturning, "app", "pp")]
    [InlineData("create policy s on docs for select using (true); create policy u on docs for update using (user_id = me());", StatementForm.InsertOnConflictUpdate, "app", "pp")]
    [InlineData("create policy s on docs for select using (true); create policy u on docs for update using (user_id = auth.uid());", StatementForm.SelectForUpdate, "app", "pp")]
    [InlineData("create policy u on docs for update using (user_id = auth.uid()) with check (true);", StatementForm.BlindUpdate, "app", "pr")]
    [InlineData("create policy s on docs to app using (true);", StatementForm.Select, "app", "rp")]
    [InlineData("create policy s on docs to app using (true);", StatementForm.Select, "lead", "rp")]
    [InlineData("create policy s on docs to app using (true);", StatementForm.Select, "shy", "pp")]
    [InlineData("create policy s on docs to app using (true);", StatementForm.Select, "lurker", "pp")]
    [InlineData("", StatementForm.Select, "admin", "rp")]
    [InlineData("", StatementForm.Select, "root", "rp")]
    [InlineData("", StatementForm.Select, "keeper", "rp")]
    [InlineData("alter table docs force row level security;", StatementForm.Select, "keeper", "pp")]
    [InlineData("alter table docs disable row level security;", StatementForm.Select, "app", "rp")]
    [InlineData("create policy a on docs using (true); create policy b on docs as restrictive using (user_id = me());", StatementForm.Select, "app", "pp")]
    [InlineData("create policy a on docs for all with check (user_id = auth.uid());", StatementForm.Select, "app", "pp")]
    [InlineData("create policy a on docs using (exists (select 1 from docs d where d.state = 'open'));", StatementForm.Select, "app", "pp")]
    [InlineData("create policy a on docs for insert with check (exists (select 1 from docs d where d.user_id = auth.uid()));", StatementForm.Insert, "app", "pp")]
    [InlineData("create policy s on docs for select using (true); create policy a on docs for insert with check (exists (select 1 from docs d where d.id = docs.id and d.user_id = auth.uid()));", StatementForm.Insert, "app", "pr")]
    [InlineData("create function gate(uuid) returns boolean language sql stable as $$ select true $$; revoke execute on function gate from public; create policy a on docs using (gate(user_id));", StatementForm.Select, "app", "pp")]
    [InlineData("create function gate(uuid) returns boolean language sql stable as $$ select true $$; revoke execute on function gate from public; create policy a on docs using (gate(user_id)); create policy b on docs using (state = 'open');", StatementForm.Select, "app", "pp")]
    [InlineData("create function gate(uuid) returns boolean language sql stable as $$ select true $$; revoke execute on function gate from public; create policy a on docs using (gate(user_id)); create policy b on docs using (true);", StatementForm.Select, "app", "rp")]
    [InlineData("create function gate(uuid) returns boolean language sql stable as $$ select true $$; revoke execute on function gate from public; create policy a on docs using (user_id is not null or gate(user_id));", StatementForm.Select, "app", "rp")]
    [InlineData("create function gate(uuid) returns boolean language sql stable as $$ select true $$; revoke execute on function gate from public; create policy a on docs using (case when true then true else gate(user_id) end);", StatementForm.Select, "app", "rp")]
    public void The_policies_are_combined_as_PostgreSQL_does(string policies, StatementForm form, string role, string expected)
    {
        var (model, table) = Model(Schema + policies);
        Assert.Equal(expected, Letters(model.Isolates(table, form, role, PolicyClause.Using)) + Letters(model.Isolates(table, form, role, PolicyClause.WithCheck)));
    }

    // What nothing asks of a row is made up, and must still be a row that the table takes.
    [Theory]
    [InlineData("create table payees(id uuid primary key, email text, phone text, check (email is not null or phone is not null)); create table bills(id uuid primary key, user_id uuid not null, payee uuid not null references payees(id));")]
    [InlineData("create table ledgers(id uuid primary key, amount numeric(12,2) not null check (amount > 0)); create table bills(id uuid primary key, user_id uuid not null, ledger uuid not null references ledgers(id));")]
    [InlineData("create table bills(id uuid primary key, user_id uuid not null, issued date not null, due date not null, total numeric(9,2) not null check (total >= 0), check (due >= issued));")]
    [InlineData("create table bills(id uuid primary key, user_id uuid not null, plan uuid not null references plans(id));")]
    public void A_counterexample_keeps_to_constraints_that_nothing_asks_about(string tables)
    {
        var (model, table) = Model("create role app; " + tables + " alter table bills enable row level security; create policy everyone on bills using (true);", "bills");
        Assert.IsType<Verdict.Refuted>(model.Isolates(table, PolicyCommand.Select, "app", PolicyClause.Using));
    }

    // Whether such rows may be, and be seen, is not known.
    [Fact]
    public void Rows_of_a_table_that_no_file_makes_are_a_condition()
    {
        var (model, table) = Model("create role app; create table bills(id uuid primary key, user_id uuid not null); alter table bills enable row level security; create policy staff on bills using (exists (select 1 from staff s where s.id = auth.uid()));", "bills");
        var verdict = Assert.IsType<Verdict.Unknown>(model.Isolates(table, PolicyCommand.Select, "app", PolicyClause.Using));
        Assert.Equal(UnknownReason.SchemaMissing, verdict.Reason);
        Assert.NotEmpty(verdict.Candidate!.Conditions);
    }

    [Theory]
    [InlineData("", "p")]
    [InlineData("create policy none on logs using (false);", "p")]
    [InlineData("create policy own on logs using (actor = current_setting('request.headers'));", "u")]
    public void Rows_that_nobody_reaches_need_no_tenancy_condition(string policies, string expected)
    {
        var (model, table) = Model("create role app; create table logs(id int primary key, account_id text, actor text); alter table logs enable row level security;" + policies, "logs");
        Assert.Null(model.Own(table));
        Assert.Equal(expected, Letters(model.Isolates(table, PolicyCommand.Select, "app", PolicyClause.Using)));
    }

    [Fact]
    public void A_statement_whose_policies_read_each_other_fails()
    {
        var (model, table) = Model(Schema + "create policy a on docs using (exists (select 1 from docs d where d.state = 'open'));");
        Assert.True(model.Fails(table, StatementForm.Select, "app", PolicyClause.Using));
        (model, table) = Model(Schema + "create policy s on docs for select using (true); create policy a on docs for insert with check (exists (select 1 from docs d));");
        Assert.False(model.Fails(table, StatementForm.Insert, "app", PolicyClause.WithCheck));
    }

    // A row that is written is not yet in its table, so what holds of the rows there does not hold of it.
    [Theory]
    [InlineData("exists (select 1 from docs d where d.id = docs.id and d.user_id = auth.uid())", "user_id = auth.uid()", null, "u")]
    [InlineData("exists (select 1 from docs d where d.id = docs.id and d.user_id = auth.uid())", "user_id = auth.uid()", PolicyClause.Using, "p")]
    [InlineData("exists (select 1 from docs d where d.id = docs.id and d.user_id = auth.uid())", "user_id = auth.uid()", PolicyClause.WithCheck, "r")]
    [InlineData("user_id = auth.uid()", "user_id = auth.uid() or state = 'open'", null, "p")]
    [InlineData("state = 'open'", "user_id = auth.uid()", null, "r")]
    public void A_predicate_on_its_own_table_holds_of_rows_in_it(string premise, string goal, PolicyClause? clause, string expected)
    {
        var (model, table) = Model(Schema);
        Assert.Equal(expected, Letters(clause is { } known ? model.Implies(table, Parse(premise), Parse(goal), known) : model.Implies(table, Parse(premise), Parse(goal))));
    }

    [Theory]
    [InlineData("create view mine as select id, user_id from docs;", "r")]
    [InlineData("create view mine with (security_invoker = true) as select id, user_id from docs;", "p")]
    [InlineData("create view mine as select id, user_id from docs where user_id = auth.uid();", "p")]
    public void A_view_in_a_policy_reads_as_its_owner_or_as_whoever_asks(string view, string expected)
    {
        var (model, table) = Model(
            Schema + "create policy s on docs for select using (user_id = auth.uid());" + view
            + "create table notes(doc_id bigint, user_id uuid); alter table notes enable row level security;"
            + "create policy n on notes using (exists (select 1 from mine where mine.id = notes.doc_id and mine.user_id = notes.user_id));",
            "notes");
        Assert.Equal(expected, Letters(model.Isolates(table, StatementForm.Select, "app", PolicyClause.Using)));
    }

    // What a view's own query calls a column says nothing of what the view calls it.
    [Theory]
    [InlineData("create view pairs(user_id, doc_id) as select friend_id, user_id from friends where user_id = auth.uid();", "r")]
    [InlineData("create view pairs(doc_id, user_id) as select friend_id, user_id from friends where user_id = auth.uid();", "p")]
    [InlineData("create view pairs as select friend_id as user_id, user_id as doc_id from friends where user_id = auth.uid();", "r")]
    [InlineData("create view pairs as select user_id, friend_id as doc_id from friends where user_id = auth.uid(); alter view pairs rename user_id to own; alter view pairs rename doc_id to user_id;", "r")]
    [InlineData("create view pairs as select user_id, friend_id from friends where user_id = auth.uid(); alter table friends rename user_id to x; alter table friends rename friend_id to user_id;", "p")]
    public void A_view_in_a_policy_has_names_of_its_own(string view, string expected)
    {
        var (model, table) = Model(
            Schema + "create table friends(user_id uuid, friend_id uuid);" + view
            + "create table notes(user_id uuid); alter table notes enable row level security;"
            + "create policy n on notes using (exists (select 1 from pairs where pairs.user_id = notes.user_id));",
            "notes");
        Assert.Equal(expected, Letters(model.Isolates(table, StatementForm.Select, "app", PolicyClause.Using)));
    }

    [Theory]
    [InlineData("", "p")]
    [InlineData("create or replace function ok(u uuid) returns boolean language plpgsql stable as $$ begin perform 2; return u is not null; end $$;", "u")]
    public void A_function_that_is_not_looked_into_is_the_same_in_two_states_only_where_nothing_replaced_it(string change, string expected)
    {
        const string Policy = "create function ok(u uuid) returns boolean language plpgsql stable as $$ begin perform 1; return u = auth.uid(); end $$; create policy s on docs for select using (ok(user_id));";
        var (before, old) = Model(Schema + Policy);
        var (after, table) = Model(Schema + Policy + change);
        Assert.Equal(expected, Letters(after.IsAdditive(before, old, table, StatementForm.Select, "app", PolicyClause.Using)));
    }

    [Theory]
    [InlineData("", "p")]
    [InlineData("create or replace function inner_ok(u uuid) returns boolean language plpgsql stable as $$ begin perform 2; return true; end $$;", "u")]
    [InlineData("drop policy a on aides; create policy a on aides using (false);", "u")]
    [InlineData("alter table aides disable row level security;", "u")]
    [InlineData("drop policy a on others; create policy a on others using (false);", "p")]
    public void What_it_calls_and_reads_as_the_asker_counts_too(string change, string expected)
    {
        const string Policy = """
            create table aides(u uuid, helps uuid); alter table aides enable row level security; create policy a on aides using (u = auth.uid());
            create table others(u uuid); alter table others enable row level security; create policy a on others using (true);
            create function inner_ok(u uuid) returns boolean language plpgsql stable as $$ begin perform 1; return u is not null; end $$;
            create function ok(x uuid) returns boolean language plpgsql stable as $$ begin perform 1; return inner_ok(x) and exists (select 1 from aides a where a.helps = x); end $$;
            create policy s on docs for select using (ok(user_id));

            """;
        var (before, old) = Model(Schema + Policy);
        var (after, table) = Model(Schema + Policy + change);
        Assert.Equal(expected, Letters(after.IsAdditive(before, old, table, StatementForm.Select, "app", PolicyClause.Using)));
    }

    [Fact]
    public void A_function_that_a_policy_of_its_own_table_calls_is_any_value_inside_itself()
    {
        const string Recursion = """
            create table crew(org uuid not null, u uuid not null); alter table crew enable row level security;
            create function is_member(o uuid) returns boolean language sql stable as $$ select exists (select 1 from crew m where m.org = o and m.u = auth.uid()) $$;
            create policy mine on crew for select using (u = auth.uid());
            create policy of_org on crew for select using (is_member(org));
            create table notes(org uuid, user_id uuid); alter table notes enable row level security;
            create policy n on notes using (is_member(org) and user_id = auth.uid());
            create policy m on notes for update using (is_member(org)) with check (user_id = auth.uid());

            """;
        var (model, table) = Model(Schema + Recursion, "notes");
        Assert.Equal("p", Letters(model.Isolates(table, StatementForm.Select, "app", PolicyClause.Using)));
        Assert.NotEqual("p", Letters(model.Isolates(table, StatementForm.BlindUpdate, "app", PolicyClause.Using)));
    }

    [Theory]
    [InlineData("ok(user_id) and user_id = auth.uid()", "p")]
    [InlineData("ok(user_id)", "u")]
    public void An_overloaded_function_is_the_same_value_for_the_same_arguments(string predicate, string expected)
    {
        var (model, table) = Model(
            Schema + "create function ok(u uuid) returns boolean language sql stable as 'select true'; create function ok(t text) returns boolean language sql stable as 'select false';"
            + "create policy s on docs for select using (" + predicate + ");");
        Assert.Equal(expected, Letters(model.Isolates(table, StatementForm.Select, "app", PolicyClause.Using)));
    }

    [Fact]
    public void Two_states_are_compared_with_their_own_functions_and_policies()
    {
        const string Policy = "create function ok(u uuid) returns boolean language sql stable as $$ select u = auth.uid() $$; create policy s on docs for select using (ok(user_id));";
        var (before, old) = Model(Schema + Policy);
        var (after, table) = Model(Schema + Policy + "create or replace function ok(u uuid) returns boolean language sql stable as $$ select u = auth.uid() and auth.role() = 'member' $$;");
        Assert.Equal("r", Letters(after.IsAdditive(before, old, table, StatementForm.Select, "app", PolicyClause.Using)));
        Assert.Equal("p", Letters(before.IsAdditive(after, table, old, StatementForm.Select, "app", PolicyClause.Using)));
    }

    private static string Letters(Verdict verdict) => verdict switch { Verdict.Proven => "p", Verdict.Refuted => "r", _ => "u" };

    private static SqlFragment<Expression> Parse(string text)
    {
        var source = new SourceText(text, "test");
        return new(SqlParser.ParseExpression(source, out _)!, source);
    }

    private static (AccessModel Model, Table Table) Model(string text, string table = "docs")
    {
        var tree = SqlParser.Parse(new SourceText(text, "schema.sql"));
        Assert.Empty(tree.Errors);
        var catalog = CatalogReplay.Run([new Script(tree, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
        var options = new PolicyLintOptions { Tenancy = [new TenancyOption("user_id", "auth.uid()", "", "", default)] };
        return (new AccessModel(catalog, Tenancy.Resolve(catalog, options), AnalysisLimits.Cli), catalog.FindTable(new(new Name(table)))!);
    }
}

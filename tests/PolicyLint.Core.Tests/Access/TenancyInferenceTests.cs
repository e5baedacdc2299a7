using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Access;

/// <summary>What policies say of whose a row is, where nothing is configured.</summary>
public sealed class TenancyInferenceTests
{
    private const string Tables = """
        create table public.orgs (id uuid primary key);
        create table public.members (org_id uuid not null references public.orgs, user_id uuid not null, role text not null, primary key (org_id, user_id));
        create table public.projects (id uuid primary key, org_id uuid not null references public.orgs, user_id uuid not null);
        create table public.tasks (id uuid primary key, project_id uuid not null references public.projects, title text);
        create function public.is_member(org uuid) returns boolean language sql stable security definer set search_path = ''
          as $$ select exists (select 1 from public.members m where m.org_id = org and m.user_id = auth.uid()) $$;
        create function public.is_long(title uuid) returns boolean language sql immutable as $$ select length(title::text) > 10 $$;
        create function public.my_orgs() returns setof uuid language sql stable security definer set search_path = ''
          as $$ select org_id from public.members where user_id = auth.uid() $$;

        """;

    [Theory]
    [InlineData("projects", "user_id = auth.uid()", "user_id", "user_id = auth.uid()")]
    [InlineData("projects", "org_id in (select org_id from public.members where user_id = auth.uid())", "org_id", "org_id IN (SELECT org_id FROM public.members WHERE user_id = auth.uid())")]
    [InlineData("projects", "exists (select 1 from public.members m where m.org_id = projects.org_id and m.user_id = auth.uid())", "org_id", "org_id IN (SELECT m.org_id FROM public.members AS m WHERE m.user_id = auth.uid())")]
    [InlineData("projects", "org_id = any (array(select org_id from public.members where user_id = auth.uid()))", "org_id", "org_id IN (SELECT org_id FROM public.members WHERE user_id = auth.uid())")]
    [InlineData("projects", "org_id in (select public.my_orgs())", "org_id", "org_id IN (SELECT public.my_orgs())")]
    [InlineData("projects", "org_id in (select o from public.my_orgs() as o)", "org_id", "org_id IN (SELECT o FROM public.my_orgs() AS o)")]
    [InlineData("projects", "(select public.is_member(org_id))", "org_id", "public.is_member(org_id)")]
    [InlineData("tasks", "(select user_id from public.projects p where p.id = project_id) = auth.uid()", "project_id", "project_id IN (SELECT p.id FROM public.projects AS p WHERE user_id = auth.uid())")]
    [InlineData("tasks", "exists (select 1 from public.projects where id = project_id and user_id = auth.uid())", "project_id", "project_id IN (SELECT id FROM public.projects WHERE user_id = auth.uid())")]
    [InlineData("tasks", "exists (select 1 from public.projects where id = tasks.project_id and user_id = auth.uid())", "project_id", "project_id IN (SELECT id FROM public.projects WHERE user_id = auth.uid())")]
    [InlineData("tasks", "public.is_long(project_id)", "project_id", null)]
    [InlineData("tasks", "project_id in (select id from public.projects)", "project_id", null)]
    public void A_condition_of_a_policy_says_whose_a_row_is(string table, string condition, string column, string? goal)
    {
        Assert.Equal(goal, GoalOf(table, column, $"create policy p on public.{table} using ({condition});"));
    }

    [Fact]
    public void Members_with_a_role_are_members()
    {
        var goal = GoalOf("projects", "org_id", """
            create policy read on public.projects for select using (org_id in (select org_id from public.members where user_id = auth.uid()));
            create policy write on public.projects for update using (org_id in (select org_id from public.members where user_id = auth.uid() and role = 'admin'));
            """);

        Assert.Equal(
            "org_id IN (SELECT org_id FROM public.members WHERE user_id = auth.uid()) OR org_id IN (SELECT org_id FROM public.members WHERE user_id = auth.uid() AND role = 'admin')",
            goal);
    }

    [Fact]
    public void A_table_says_by_itself_which_setting_carries_its_tenant()
    {
        const string Policies = """
            create table public.a (org_id uuid not null);
            create policy a on public.a using (org_id = (auth.jwt() ->> 'org')::uuid);
            create table public.b (org_id uuid not null);
            create policy b on public.b using (org_id = (auth.jwt() ->> 'org')::uuid);
            create policy c on public.projects using (org_id = current_setting('app.org', true)::uuid);
            """;

        Assert.Equal("org_id = current_setting('app.org', TRUE)::uuid", GoalOf("projects", "org_id", Policies));
        Assert.Equal("org_id = (auth.jwt() ->> 'org')::uuid", GoalOf("members", "org_id", Policies));
    }

    [Fact]
    public void A_tenant_compared_with_the_user_is_held_to_what_the_other_tables_do()
    {
        var goal = GoalOf("projects", "org_id", """
            create table public.a (org_id uuid not null);
            create policy a on public.a using (public.is_member(org_id));
            create table public.b (org_id uuid not null);
            create policy b on public.b using (public.is_member(org_id));
            create policy c on public.projects using (org_id = auth.uid());
            """);

        Assert.Equal("public.is_member(org_id)", goal);
    }

    private static string? GoalOf(string table, string column, string policies)
    {
        var tree = SqlParser.Parse(new SourceText(Tables + policies));
        Assert.Empty(tree.Errors);
        var catalog = CatalogReplay.Run([new Script(tree, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
        var keys = Tenancy.Resolve(catalog, new PolicyLintOptions()).KeysOf(catalog.FindTable(new(new Name(table)))!);
        return keys.FirstOrDefault(key => key.Column.Name == column)?.Goal is { } goal ? SqlPrinter.Print(goal.Tree) : null;
    }
}

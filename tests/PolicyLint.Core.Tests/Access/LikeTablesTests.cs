using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Access;

/// <summary>Which tables are judged once for all.</summary>
public sealed class LikeTablesTests
{
    private const string First = """
        create function public.is_open(title text) returns boolean language sql stable as $$ select title like 'open%' $$;
        create table public.notes (id uuid primary key, user_id uuid not null, title text default 'none');
        alter table public.notes enable row level security;

        """;

    [Theory]
    [InlineData("user_id = (select auth.uid())", "user_id = (select auth.uid())", true)]
    [InlineData("user_id = (select auth.uid())", "user_id = (SELECT auth.uid())", false)]
    [InlineData("user_id = (select auth.uid())", "title = (select auth.uid())::text", false)]
    [InlineData("title = 'a' or user_id = auth.uid()", "title = 'a' or user_id = auth.uid()", true)]
    [InlineData("notes.user_id = auth.uid()", "notes.user_id = auth.uid()", false)]
    [InlineData("notes is not null", "notes is not null", false)]
    [InlineData("public.is_open(title)", "public.is_open(title)", false)]
    [InlineData("exists (select 1 from public.notes)", "exists (select 1 from public.notes)", false)]
    public void Policies_count_by_what_they_say_of_the_row(string first, string second, bool areAlike)
    {
        var kinds = KindsOf($"""
            create policy p on public.notes using ({first});
            create table public.tasks (id uuid primary key, user_id uuid not null, title text default 'none');
            alter table public.tasks enable row level security;
            create policy p on public.tasks using ({second});
            """);

        Assert.Equal(areAlike, kinds.Notes is not null && kinds.Notes == kinds.Tasks);
    }

    [Fact]
    public void What_stands_in_a_quoted_body_is_not_told_by_its_characters()
    {
        var kinds = KindsOf("""
            create policy p on public.notes using (title = '''');
            create table public.tasks (id uuid primary key, user_id uuid not null, title text default 'none');
            alter table public.tasks enable row level security;
            do 'begin create policy p on public.tasks using (title = ''''); end';
            """);

        Assert.NotNull(kinds.Notes);
        Assert.NotNull(kinds.Tasks);
        Assert.NotEqual(kinds.Notes, kinds.Tasks);
    }

    [Theory]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none'", "", true)]
    [InlineData("id uuid primary key, user_id uuid, title text default 'none'", "", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title varchar default 'none'", "", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'some'", "", false)]
    [InlineData("id uuid, user_id uuid not null, title text default 'none'", "", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none' check (title > 'a')", "", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none'", "alter table public.tasks force row level security", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none'", "create index on public.tasks (user_id)", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none'", "grant select on public.tasks to app", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none'", "create policy q on public.tasks for select using (true)", false)]
    [InlineData("id uuid primary key, user_id uuid not null, title text default 'none'", "alter policy p on public.tasks to app", false)]
    public void Tables_count_by_all_but_their_names(string columns, string change, bool areAlike)
    {
        var kinds = KindsOf($"""
            create role app;
            create policy p on public.notes using (user_id = auth.uid());
            create table public.tasks ({columns});
            alter table public.tasks enable row level security;
            create policy p on public.tasks using (user_id = auth.uid());
            {change};
            """);

        Assert.NotNull(kinds.Notes);
        Assert.Equal(areAlike, kinds.Notes == kinds.Tasks);
    }

    [Fact]
    public void A_renamed_column_counts_by_the_name_that_it_has()
    {
        var kinds = KindsOf("""
            create policy p on public.notes using (user_id = auth.uid());
            create table public.tasks (id uuid primary key, owner uuid not null, title text default 'none');
            alter table public.tasks enable row level security;
            create policy p on public.tasks using (owner = auth.uid());
            alter table public.tasks rename owner to user_id;
            """);

        Assert.NotNull(kinds.Tasks);
        Assert.Same(kinds.Notes, kinds.Tasks);
    }

    [Fact]
    public void What_is_found_of_one_is_found_of_all()
    {
        var script = new System.Text.StringBuilder();
        foreach (var table in (string[])["a", "b", "c"])
        {
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"""
                create table public.{table} (id uuid primary key, user_id uuid not null, title text);
                alter table public.{table} enable row level security;
                create policy mine on public.{table} using (user_id = auth.uid());
                create policy mine_to_read on public.{table} for select using (user_id = auth.uid());
                create policy titled on public.{table} for update using (title is not null) with check (user_id = auth.uid());

                """);
        }
        var input = new AnalysisInput([new InputFile(new SourceText(script.ToString(), "1.sql"), ScriptRole.Migration, IsOneTransaction: false)], new PolicyLintOptions { Platform = "supabase" }, AnalysisLimits.Cli);

        var findings = SqlAnalyzer.Analyze(input).Findings;

        string[] OfTable(string table) =>
            [.. findings.Where(finding => finding.Subject.StartsWith($"public.{table}", StringComparison.Ordinal)).Select(finding => $"{finding.Rule.Id} {finding.Message}".Replace($"public.{table}", "public.x", StringComparison.Ordinal))];
        Assert.Contains(OfTable("a"), static finding => finding.StartsWith("PL2014", StringComparison.Ordinal));
        Assert.Equal(OfTable("a"), OfTable("b"));
        Assert.Equal(OfTable("a"), OfTable("c"));
    }

    private static (object? Notes, object? Tasks) KindsOf(string script)
    {
        var tree = SqlParser.Parse(new SourceText(First + script));
        Assert.Empty(tree.Errors);
        var catalog = CatalogReplay.Run([new Script(tree, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
        var tables = new LikeTables(catalog, Tenancy.Resolve(catalog, new PolicyLintOptions()));
        return (tables.KindOf(catalog.FindTable(new(new Name("notes")))!), tables.KindOf(catalog.FindTable(new(new Name("tasks")))!));
    }
}

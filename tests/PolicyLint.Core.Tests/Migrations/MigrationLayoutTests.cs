using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Tests.Migrations;

public sealed class MigrationLayoutTests
{
    private static string Arranged(PolicyLintOptions options, params string[] paths)
    {
        var files = paths.Select(path => new SourceText("", path)).ToArray();
        return string.Join(" ", MigrationLayout.Arrange(files, options).Select(f => f.Role switch
        {
            ScriptRole.Rollback => "-",
            ScriptRole.Query => "?",
            _ => "+",
        } + f.Source.Path + (f.IsOneTransaction ? "!" : "")));
    }

    [Theory]
    [InlineData("supabase/migrations/20240102_b.sql supabase/migrations/20240101_a.sql", "+supabase/migrations/20240101_a.sql! +supabase/migrations/20240102_b.sql!")]
    [InlineData("supabase/migrations/20260121000000_a.sql supabase/migrations/20260122_b.sql supabase/migrations/20260123000000_c.sql", "+supabase/migrations/20260121000000_a.sql! +supabase/migrations/20260122_b.sql! +supabase/migrations/20260123000000_c.sql!")]
    [InlineData("V10__c.sql V2__b.sql R__views.sql V1__a.sql U2__b.sql", "+V1__a.sql! +V2__b.sql! +V10__c.sql! +R__views.sql! -U2__b.sql!")]
    [InlineData("b/V1__a.sql a/V2_1__c.sql a/V1.1__b.sql a/V1.10__e.sql V2__d.sql", "+b/V1__a.sql! +a/V1.1__b.sql! +a/V1.10__e.sql! +V2__d.sql! +a/V2_1__c.sql!")]
    [InlineData("Scripts/Script0002.sql Scripts/Script0001.sql", "+Scripts/Script0001.sql +Scripts/Script0002.sql")]
    [InlineData("drizzle/0001_b.sql drizzle/0000_a.sql", "+drizzle/0000_a.sql! +drizzle/0001_b.sql!")]
    [InlineData("prisma/migrations/1_a/down.sql prisma/migrations/1_a/migration.sql", "+prisma/migrations/1_a/migration.sql! -prisma/migrations/1_a/down.sql!")]
    [InlineData("deploy/a.sql revert/a.sql", "+deploy/a.sql -revert/a.sql")]
    [InlineData("2_x.up.sql 1_x.up.sql 1_x.down.sql 2_x.down.sql", "+1_x.up.sql! +2_x.up.sql! -2_x.down.sql! -1_x.down.sql!")]
    [InlineData("prisma/migrations/2_b/migration.sql prisma/migrations/1_a/migration.sql", "+prisma/migrations/1_a/migration.sql! +prisma/migrations/2_b/migration.sql!")]
    [InlineData("10.sql 9.sql rollback/9.sql", "+9.sql +10.sql -rollback/9.sql")]
    public void Files_are_arranged_as_their_tool_runs_them(string paths, string expected) =>
        Assert.Equal(expected, Arranged(PolicyLintOptions.Default, paths.Split(' ')));

    [Fact]
    public void What_the_configuration_does_not_name_is_a_query() =>
        Assert.Equal(
            "+db/migrations/1.sql -db/back/1.sql ?db/checks/1.sql",
            Arranged(PolicyLintOptions.Default with { Migrations = ["db/migrations/*.sql"], Rollbacks = ["db/back/*.sql"] }, "db/checks/1.sql", "db/back/1.sql", "db/migrations/1.sql"));

    [Theory]
    [InlineData("-- +goose Up\ncreate table t();\n-- +goose Down\ndrop table t;\n")]
    [InlineData("-- migrate:up\ncreate table t();\n-- migrate:down\ndrop table t;\n")]
    [InlineData("-- +migrate Up\ncreate table t();\n-- +migrate Down\ndrop table t;\n")]
    public void A_file_with_both_directions_is_split(string text)
    {
        var files = MigrationLayout.Arrange([new SourceText(text, "1.sql")], PolicyLintOptions.Default);

        Assert.Equal(
            ["create table t();", "drop table t;"],
            files.Select(f => f.Source.GetText(Assert.Single(f.Ranges!)).Trim()));
        Assert.Equal([ScriptRole.Migration, ScriptRole.Rollback], files.Select(f => f.Role));
    }

    [Theory]
    [InlineData("-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n", true, true)]
    [InlineData("-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n", false, false)]
    [InlineData("-- migrate:up transaction:false\nselect 1;\n-- migrate:down\nselect 2;\n", false, true)]
    [InlineData("-- +migrate Up\nselect 1;\n-- +migrate Down notransaction\nselect 2;\n", true, false)]
    public void A_marker_takes_the_transaction_away(string text, bool up, bool down) =>
        Assert.Equal([up, down], MigrationLayout.Arrange([new SourceText(text, "1.sql")], PolicyLintOptions.Default).Select(f => f.IsOneTransaction));

    [Theory]
    [InlineData("-- no-transaction\nselect 1;")]
    [InlineData("-- atlas:txmode none\nselect 1;")]
    public void A_first_line_takes_the_transaction_away(string text) =>
        Assert.False(Assert.Single(MigrationLayout.Arrange([new SourceText(text, "1.up.sql")], PolicyLintOptions.Default)).IsOneTransaction);

    [Theory]
    [InlineData("a/*.sql", "a/b.sql", true)]
    [InlineData("a/*.sql", "a/b/c.sql", false)]
    [InlineData("a/**/*.sql", "a/b/c/d.sql", true)]
    [InlineData("a/**/*.sql", "a/d.sql", true)]
    [InlineData("**/x?.sql", "q/r/x1.sql", true)]
    [InlineData("migrations/*.sql", "src/db/migrations/1.sql", true)]
    [InlineData("./a/*.sql", "a/b.sql", true)]
    [InlineData("a/*/c.sql", "a/b/b/c.sql", false)]
    [InlineData("a/**", "a/b/c", true)]
    public void Globs(string pattern, string path, bool expected) => Assert.Equal(expected, GlobPattern.IsMatch(pattern, path));

    [Fact]
    public void Only_sql_fences_of_a_document_are_read()
    {
        var document = new SourceText("# x\n```bash\nselect 1\n```\n~~~~sql\nselect 2;\n```\nselect 3;\n~~~~\n```SQL title\r\nselect 4;\r\n```\n", "x.md");

        Assert.Equal(["select 2;\n```\nselect 3;\n", "select 4;\r\n"], MarkdownFences.Find(document).Select(block => document.GetText(block.Span)));
    }

    [Fact]
    public void Blocks_under_a_rollback_heading_take_the_rest_back()
    {
        var document = new SourceText("# Plan\n```sql\nselect 1;\n```\n## Rollback\n### By hand\n```sql\nselect 2;\n```\n## After\n```sql\nselect 3;\n```\n", "x.md");

        Assert.Equal([false, true, false], MarkdownFences.Find(document).Select(block => block.IsRollback));
    }
}

using System.Text.Json;
using PolicyLint.Cli.Commands;
using PolicyLint.Cli.Output;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Cli.Tests;

public sealed class DriftCommandTests
{
    private const string Migration = """
        create table notes (id int primary key, owner text not null, body text);
        alter table notes enable row level security;
        create policy own on notes using (owner = current_user and body like 'a%' or id in (1, 2));
        """;

    [SkippableFact]
    public async Task A_database_that_holds_what_the_files_make_has_no_difference()
    {
        PostgresTests.SkipWithoutPostgres();
        using var folder = new TemporaryFolder().With("1.sql", Migration);
        var report = await AgainstDatabaseAsync(folder, Migration.Split(";\n"));

        Assert.Empty(report.Problems);
        Assert.Empty(Assert.Single(report.Databases).Differences);
        Assert.Equal(ExitCode.Clean, report.ExitCode);
    }

    [SkippableFact]
    public async Task What_was_changed_by_hand_is_shown_with_both_sides()
    {
        PostgresTests.SkipWithoutPostgres();
        using var folder = new TemporaryFolder().With("1.sql", Migration);
        var report = await AgainstDatabaseAsync(
            folder, [.. Migration.Split(";\n"), "alter policy own on notes using (true)", "alter table notes drop column body cascade, add column extra int", "alter table notes disable row level security"]);

        Assert.Equal(ExitCode.Findings, report.ExitCode);
        Assert.Equal(
            ["column body of public.notes", "column extra of public.notes", "policy own on public.notes", "row security of public.notes"],
            Assert.Single(report.Databases).Differences.Select(d => d.Object));

        var text = new StringWriter { NewLine = "\n" };
        DriftWriter.Write(report, "text", text);
        Assert.Contains(": row security of public.notes\n    files:  enabled\n    server: disabled\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(": column body of public.notes\n    files:  text\n    server: not there\n", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(": 4 differences\n", text.ToString(), StringComparison.Ordinal);

        var json = new StringWriter();
        DriftWriter.Write(report, "json", json);
        var differences = JsonDocument.Parse(json.ToString()).RootElement.GetProperty("databases")[0].GetProperty("differences");
        Assert.Equal("permissive all to public using TRUE", differences[2].GetProperty("server").GetString());
        Assert.Equal(JsonValueKind.Null, differences[1].GetProperty("files").ValueKind);
    }

    [SkippableFact]
    public async Task A_scratch_server_holds_what_the_replay_says()
    {
        PostgresTests.SkipWithoutPostgres();
        using var folder = new TemporaryFolder().With("1.sql", Migration).With("2.sql", "grant select on notes to reporting; alter table outside add column x int;");
        var report = await DriftCommand.ScratchAsync(".", postgresBin: null, In(folder), default);

        Assert.Equal(ExitCode.NotDone, report.ExitCode);
        Assert.Contains("outside", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
        var drift = Assert.Single(report.Databases);
        Assert.Contains("reporting", Assert.Single(drift.Notes), StringComparison.Ordinal);
        Assert.StartsWith("public.outside: used by the files and made by none of them (2.sql:1:", Assert.Single(drift.NotCompared), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_databases_are_not_compared_with_one()
    {
        using var folder = new TemporaryFolder().With("a/policylint.yml", "").With("a/1.sql", "create table t ();").With("b/policylint.yml", "").With("b/1.sql", "create table t ();");
        var report = await DriftCommand.DatabaseAsync(".", "postgres://nobody@localhost/nothing", In(folder), default);

        Assert.Equal(ExitCode.NotDone, report.ExitCode);
        Assert.Contains("there are 2 databases here (a, b)", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalog_is_printed_as_text_and_as_json()
    {
        using var folder = new TemporaryFolder().With("1.sql", Migration);
        var output = new StringWriter();
        Assert.Equal(ExitCode.Clean, CatalogCommand.Run(["."], "text", includeForeign: false, In(folder) with { Output = output }, default));
        Assert.StartsWith("table public.notes rls\n  id integer not null\n", output.ToString(), StringComparison.Ordinal);

        output = new StringWriter();
        Assert.Equal(ExitCode.Clean, CatalogCommand.Run(["."], "json", includeForeign: false, In(folder) with { Output = output }, default));
        var table = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("databases")[0].GetProperty("tables")[0];
        Assert.True(table.GetProperty("rowSecurity").GetBoolean());
        Assert.Equal("own", table.GetProperty("policies")[0].GetProperty("name").GetString());
        Assert.Equal("1.sql:3:1", table.GetProperty("policies")[0].GetProperty("createdAt").GetString());

        Assert.Equal(ExitCode.NotDone, CatalogCommand.Run(["nowhere"], "text", includeForeign: false, In(folder), default));
    }

    private static Terminal In(TemporaryFolder folder) => new(TextWriter.Null, TextWriter.Null, folder.Root, UseColor: false, ShowProgress: false);

    private static async Task<DriftReport> AgainstDatabaseAsync(TemporaryFolder folder, string[] statements)
    {
        await using var cluster = await ScratchCluster.StartAsync();
        await using var database = await cluster.CreateDatabaseAsync("drift", PlatformSql.Plain);
        await using var source = database.DataSource();
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
        return await DriftCommand.DatabaseAsync(".", source.ConnectionString, In(folder), default);
    }
}

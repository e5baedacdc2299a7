using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Tests.Scratch;

[Collection(PostgresCatalogCollection.Name)]
public sealed class AppliedCatalogTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task Roles_and_the_tools_table_that_no_migration_makes_are_made_before()
    {
        const string Migration = """
            -- +goose Up
            alter table public._migrations enable row level security;
            create table notes (id int, owner text);
            grant select on notes to "App User";
            create policy p on notes to "App User" using (owner = current_user);
            -- +goose Down
            drop table notes;
            """;
        var files = MigrationLayout.Arrange([new SourceText(Migration, "db/1.sql")], PolicyLintOptions.Default);
        var replay = SqlAnalyzer.Replay(new(files, PolicyLintOptions.Default, AnalysisLimits.Cli));
        var applied = await AppliedCatalog.ReadAsync(postgres.Cluster, "applied", files, replay.Catalog);

        Assert.Equal(
            ["role App User is made by no migration: it was made here, with no rights of its own", "table public._migrations is made by the tool that runs the migrations: it was made here as that would"],
            applied.Run.Notes.Select(static n => n.Message));
        Assert.Empty(CatalogDifference.Between(replay.Catalog, applied.Reading.Catalog));
    }
}

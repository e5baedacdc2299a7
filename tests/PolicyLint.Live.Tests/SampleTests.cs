using PolicyLint.Core.Migrations;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Live.Tests;

[Collection(PostgresCatalogCollection.Name)]
public sealed class SampleTests(PostgresFixture postgres)
{
    public static TheoryData<string> Variants()
    {
        var data = new TheoryData<string>();
        foreach (var sample in Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "samples")).Order(StringComparer.Ordinal))
        {
            foreach (var variant in new[] { "as-documented", "clean" })
                data.Add($"{Path.GetFileName(sample)}/{variant}");
        }

        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public async Task A_sample_applies_and_all_of_it_can_be_read_back(string variant)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "samples", variant);
        var platform = File.ReadAllLines(Path.Combine(folder, "policylint.yml")).Contains("platform: supabase") ? PlatformSql.Supabase : PlatformSql.Plain;
        var files = MigrationLayout.Arrange(
            [.. Directory.GetFiles(folder, "*.sql", SearchOption.AllDirectories)
                .Select(file => new SourceText(File.ReadAllText(file), Path.GetRelativePath(folder, file).Replace('\\', '/')))],
            new PolicyLintOptions { Migrations = ["migrations/*.sql"], Rollbacks = ["rollback/*.sql"] });

        await using var database = await postgres.On(platform).CreateDatabaseAsync("sample", platform);
        var run = await MigrationRunner.ApplyAsync(database, files);
        Assert.Empty(run.Notes.Select(static n => $"{n.Source.Path}:{n.Source.GetPosition(n.Span.Start).Line + 1} {n.Message}"));
        Assert.Equal(files.Count(static f => f.Role == ScriptRole.Migration), run.Files);

        await using var session = await SafeSession.OpenAsync(database.Target);
        var reading = await CatalogReader.ReadAsync(session);
        Assert.Empty(reading.Issues.Select(static i => $"{i.Origin.Description}: {i.Message}"));
        Assert.Equal(platform.Name, reading.Catalog.Platform);
    }
}

using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Live.Tests.Catalog;

/// <summary>The replayed catalog is held to what a server makes of the same files.</summary>
[Collection(PostgresCatalogCollection.Name)]
public sealed class ReplayFidelityTests(PostgresFixture postgres)
{
    public static TheoryData<string, string> Samples()
    {
        var data = new TheoryData<string, string>();
        var root = Path.Combine(RepositoryRoot.Path, "samples");
        foreach (var folder in Directory.EnumerateDirectories(root, "migrations", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var settings = Path.Combine(Path.GetDirectoryName(folder)!, "policylint.yml");
            var platform = File.Exists(settings) && File.ReadAllText(settings).Contains("platform: supabase", StringComparison.Ordinal) ? "supabase" : "plain";
            data.Add(Path.GetRelativePath(root, folder).Replace('\\', '/'), platform);
        }
        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task The_replay_of_a_sample_equals_the_server(string folder, string platform)
    {
        var paths = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "samples", folder), "*.sql").Order(StringComparer.Ordinal);
        await CompareAsync([.. paths.Select(static path => new SourceText(File.ReadAllText(path), Path.GetFileName(path)))], platform);
    }

    public static TheoryData<string> Documents() =>
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Core.Tests", "Catalog", "Data"), "*.sql").Select(static p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Documents))]
    public async Task The_replay_of_a_script_equals_the_server(string file)
    {
        var path = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Core.Tests", "Catalog", "Data", file);
        await CompareAsync([new SourceText(await File.ReadAllTextAsync(path), file)], file.StartsWith("supabase", StringComparison.Ordinal) ? "supabase" : "plain");
    }

    private async Task CompareAsync(IReadOnlyList<SourceText> sources, string platform)
    {
        var sql = PlatformSql.Find(platform)!;
        await using var database = await postgres.On(sql).CreateDatabaseAsync("fidelity", sql);
        var run = await MigrationRunner.ApplyAsync(database, [.. sources.Select(static s => new InputFile(s, ScriptRole.Migration, IsOneTransaction: false))]);

        // What the server refuses it does not hold: only what it took can be compared.
        var failed = run.Notes.Where(static n => n.Kind is MigrationNoteKind.Failed or MigrationNoteKind.NotReached).Select(static n => $"{n.Source.GetText(n.Span)}: {n.Message}").ToList();
        Assert.True(failed.Count == 0, string.Join("\n", failed));
        await using var session = await SafeSession.OpenAsync(database.Target);
        var live = (await CatalogReader.ReadAsync(session, sql)).Catalog;
        var replayed = CatalogReplay.Run([.. sources.Select(static s => new Script(SqlParser.Parse(s), ScriptRole.Migration, IsOneTransaction: false))], platform, AnalysisLimits.Cli);
        var differences = CatalogDifference.Between(replayed.Catalog, live);
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}

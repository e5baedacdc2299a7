using System.Text;
using System.Text.Json;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;

namespace PolicyLint.Benchmarks;

/// <summary>Holds the replay to a server on PostgreSQL's own regression suite: each of its files is a database, as far as the server takes it.</summary>
internal static class RegressionFidelity
{
    // Files that need data, other sessions or rights of the machine, and those that are about no object of the catalog.
    private static readonly HashSet<string> s_skipped = new(StringComparer.Ordinal) { "infinite_recurse", "tablespace", "database", "largeobject", "random" };

    private static readonly string[] s_foreign = ["copy", "terminate_backend", "regresslib", "language c"];

    /// <param name="file">Statements with ids `file:number`.</param>
    /// <param name="only">Files whose name is this; their differences are all shown.</param>
    public static async Task<int> RunAsync(string file, string only = "")
    {
        var totalDifferences = 0;
        var totalFiles = 0;
        var cluster = await ScratchCluster.StartAsync();
        await using (cluster)
        {
            foreach (var group in Checkpoints(Statements(file).GroupBy(static s => s.File).Where(g => !s_skipped.Contains(g.Key) && (only.Length == 0 || g.Key == only)), only.Length > 0))
            {
                var (differences, objects, taken) = await CompareAsync(cluster, group.File, group.Statements, only.Length > 0);
                totalDifferences += differences.Count;
                totalFiles++;
                if (differences.Count == 0 && only.Length == 0)
                    continue;
                Console.WriteLine($"{group.File}, the first {group.Statements.Count}: {differences.Count} differences, {objects} relations, {taken} statements taken");
                foreach (var difference in differences.Take(only.Length > 0 ? int.MaxValue : 6))
                    Console.WriteLine($"    {difference.Object}\n      files  {difference.Left ?? "(none)"}\n      server {difference.Right ?? "(none)"}");
            }
        }
        Console.WriteLine($"{totalFiles} files, {totalDifferences} differences");
        return totalDifferences == 0 ? 0 : 1;
    }

    private static async Task<(IReadOnlyList<CatalogDisagreement> Differences, int Relations, int Taken)> CompareAsync(
        ScratchCluster cluster, string name, IEnumerable<string> statements, bool isLoud)
    {
        var text = new StringBuilder("set statement_timeout = '5s';\n");
        foreach (var statement in statements)
            text.Append(statement).Append(";\n");
        var source = new SourceText(text.ToString(), name + ".sql");
        var options = PolicyLintOptions.Default with { Platform = "plain" };
        var input = new InputFile(source, ScriptRole.Migration, IsOneTransaction: false);
        var whole = SqlAnalyzer.Replay(new([input], options, AnalysisLimits.Cli));
        var applied = await AppliedCatalog.ReadWhatIsTakenAsync(cluster, "regress", [input], new Core.Catalog.DatabaseCatalog());
        var refused = applied.Run.Notes.Where(static n => n.Kind == MigrationNoteKind.Failed).ToList();
        var taken = input with { Source = Fidelity.Without(source, refused.Select(static n => n.Span)) };
        var replay = SqlAnalyzer.Replay(new([taken], options, AnalysisLimits.Cli));
        if (isLoud)
        {
            foreach (var note in refused)
                Console.WriteLine($"    refused {source.GetPosition(note.Span.Start).Line + 1}: {note.Message.Split('\n')[0]} <- {source.GetText(note.Span).Split('\n')[0]}");
            foreach (var issue in replay.Issues)
                Console.WriteLine($"    issue {source.GetPosition(issue.Origin.Span.Start).Line + 1}: {issue.Message} <- {source.GetText(issue.Origin.Span).Split('\n')[0]}");
        }
        return (CatalogDifference.Between(replay.Catalog, applied.Reading.Catalog), whole.Catalog.Relations.Count, applied.Run.Statements);
    }

    // A file drops at its end what it made, so it is looked at on the way too.
    private static IEnumerable<(string File, List<string> Statements)> Checkpoints(IEnumerable<IGrouping<string, (string File, string Sql)>> files, bool isClose)
    {
        var parts = isClose ? 8 : 3;
        foreach (var file in files)
        {
            var statements = file.Select(static s => s.Sql).ToList();
            for (var part = 1; part <= parts; part++)
                yield return (file.Key, statements.GetRange(0, statements.Count * part / parts));
        }
    }

    private static IEnumerable<(string File, string Sql)> Statements(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            var id = json.RootElement.GetProperty("id").GetString()!;
            var sql = json.RootElement.GetProperty("sql").GetString()!;

            // Data of COPY and the suite's C functions are not in the file, and sessions that end take the rest with them.
            if (json.RootElement.TryGetProperty("ok", out var ok) && ok.GetBoolean() && !s_foreign.Any(word => sql.Contains(word, StringComparison.OrdinalIgnoreCase)))
                yield return (id[..id.IndexOf(':', StringComparison.Ordinal)], sql);
        }
    }
}

using System.Text.RegularExpressions;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;

namespace PolicyLint.Benchmarks;

/// <summary>Holds the replay of the corpus to servers: one that applies the files now, and the one that was recorded.</summary>
internal static class Fidelity
{
    private const int ShownPerDatabase = 12;

    /// <param name="corpus">The folder that holds owner+name/path.</param>
    /// <param name="shared">The folder that holds sql_repos.tsv and catalog/.</param>
    /// <param name="only">Databases whose name has this in it; their differences are all shown.</param>
    public static async Task<int> RunAsync(string corpus, string shared, string only = "")
    {
        var totals = new Totals();
        var cluster = await ScratchCluster.StartAsync();
        await using (cluster)
        {
            Console.WriteLine($"{"database",-88} {"files",5} {"refused",7} {"server",7} {"record",7} {"tables",6} {"policies",8} {"issues",6} {"unknown",7}");
            foreach (var database in Databases(corpus, Path.Combine(shared, "sql_repos.tsv")).Where(d => d.Name.Contains(only, StringComparison.Ordinal)))
                await CompareAsync(cluster, database, RecordedCatalog.Find(Path.Combine(shared, "catalog"), database.Name), only.Length > 0 ? int.MaxValue : ShownPerDatabase, totals);
        }
        Console.WriteLine($"{totals.Applied} databases that apply ({totals.Recorded} of them recorded): {totals.Equal} equal to their server, {totals.ServerDifferences} differences; {totals.RecordDifferences} differences from the records; {totals.NotApplied} databases that do not apply as a whole, {totals.TakenDifferences} differences in what a server takes of them");
        return totals.ServerDifferences + totals.TakenDifferences + totals.RecordDifferences == 0 ? 0 : 1;
    }

    private static async Task CompareAsync(ScratchCluster cluster, CorpusDatabase database, RecordedCatalog? record, int shown, Totals totals)
    {
        var options = record is null ? PolicyLintOptions.Default : PolicyLintOptions.Default with { Platform = record.IsPlain ? "plain" : "supabase" };
        var files = MigrationLayout.Arrange(database.Files, options);
        var replay = SqlAnalyzer.Replay(new(files, options, AnalysisLimits.Cli));
        var applied = await AppliedCatalog.ReadAsync(cluster, $"database_{totals.Applied + totals.NotApplied}", files, replay.Catalog);
        var failed = applied.Run.Notes.FirstOrDefault(static n => n.Kind == MigrationNoteKind.Failed);
        var compared = replay;
        if (failed is not null)
            (compared, applied) = await WhatIsTakenAsync(cluster, files, options, replay);
        var refused = applied.Run.Notes.Count(static n => n.Kind == MigrationNoteKind.Failed);
        var fromServer = CatalogDifference.Between(compared.Catalog, applied.Reading.Catalog);
        IReadOnlyList<CatalogDisagreement> fromRecord = record?.Against(replay.Catalog) ?? [];
        totals.Add(failed is null, record is not null, fromServer.Count, fromRecord.Count);

        var tables = compared.Catalog.Relations.Values.OfType<Table>().ToList();
        var unknown = compared.Catalog.UnknownEffects.Count + compared.Catalog.Relations.Values.Sum(static r => r.Taints.Count);
        Console.WriteLine(
            $"{database.Name,-88} {files.Count,5} {refused,7} {fromServer.Count,7} {(record is null ? "-" : fromRecord.Count.ToString()),7} {tables.Count(static t => !t.IsAssumed && !t.IsForeignOwned),6} {tables.Sum(static t => t.Policies.Count),8} {compared.Issues.Count,6} {unknown,7}");
        if (failed is not null && (record is not null || shown == int.MaxValue))
            Console.WriteLine($"    refused: {failed.Source.Path}:{failed.Source.GetPosition(failed.Span.Start).Line + 1}: {failed.Message}");
        Show("server", fromServer, shown);
        Show("record", fromRecord, shown);
        if (shown < int.MaxValue)
            return;
        foreach (var issue in compared.Issues)
            Console.WriteLine($"    issue: {Place(issue)}: {issue.Message}{(issue.IsError ? " (error)" : "")}");
        foreach (var note in applied.Run.Notes)
            Console.WriteLine($"    note: {note.Kind} {note.Source.Path}:{note.Source.GetPosition(note.Span.Start).Line + 1}: {note.Message}");
        foreach (var issue in applied.Reading.Issues)
            Console.WriteLine($"    reading: {issue.Origin.Description}: {issue.Message}");
    }

    // Where the files are not the whole database, the statements that the server takes are compared alone: the others are blanked.
    private static async Task<(ReplayResult Replay, AppliedCatalog Applied)> WhatIsTakenAsync(
        ScratchCluster cluster, IReadOnlyList<InputFile> files, PolicyLintOptions options, ReplayResult replay)
    {
        var applied = await AppliedCatalog.ReadWhatIsTakenAsync(cluster, "taken", files, replay.Catalog);
        return (SqlAnalyzer.Replay(new(Taken(files, applied.Run), options with { Platform = replay.Catalog.Platform }, AnalysisLimits.Cli)), applied);
    }

    /// <summary>The files without the statements that a server refused.</summary>
    public static IReadOnlyList<InputFile> Taken(IReadOnlyList<InputFile> files, MigrationRun run)
    {
        var refused = run.Notes.Where(static n => n.Kind == MigrationNoteKind.Failed).ToLookup(static n => n.Source);
        return [.. files.Select(file => file with { IsOneTransaction = false, Source = Without(file.Source, refused[file.Source].Select(static n => n.Span)) })];
    }

    /// <summary>The text with blanks where the spans were.</summary>
    public static SourceText Without(SourceText source, IEnumerable<TextSpan> spans)
    {
        var text = source.Text.ToCharArray();
        foreach (var span in spans)
        {
            // A COMMIT that fails rolls back.
            var isCommit = source.Text.AsSpan(span.Start, span.Length).StartsWith("commit", StringComparison.OrdinalIgnoreCase);
            for (var i = span.Start; i < span.End; i++)
                text[i] = text[i] is '\n' or '\r' ? text[i] : ' ';
            if (isCommit)
                "abort".CopyTo(text.AsSpan(span.Start));
        }
        return new(new string(text), source.Path);
    }

    private static string Place(ReplayIssue issue) =>
        issue.Origin.Source is { } source ? $"{source.Path}:{source.GetPosition(issue.Origin.Span.Start).Line + 1}" : issue.Origin.Description;

    private static void Show(string side, IReadOnlyList<CatalogDisagreement> differences, int shown)
    {
        foreach (var difference in differences.Take(shown))
            Console.WriteLine($"    {side}: {difference.Object}\n      files  {difference.Left ?? "(none)"}\n      {side} {difference.Right ?? "(none)"}");
        if (differences.Count > shown)
            Console.WriteLine($"    {side}: … and {differences.Count - shown} more");
    }

    /// <summary>The databases of the corpus, as sql_repos.tsv cuts repositories into them.</summary>
    public static IEnumerable<CorpusDatabase> Databases(string corpus, string table)
    {
        foreach (var row in File.ReadLines(table).Skip(1).Select(static line => line.Split('\t')))
        {
            var repository = row[0].Replace('/', '+');
            var root = Path.Combine(corpus, repository);
            if (!Directory.Exists(root))
                continue;
            var wanted = new Regex(row[2]);
            var files = Directory.EnumerateFiles(root, "*.sql", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
                .Where(path => wanted.IsMatch(path))
                .Order(StringComparer.Ordinal)
                .ToLookup(path => row[4] switch { "one" => "", "dir" => "#" + Path.GetDirectoryName(path)!.Replace('/', '~'), _ => "#" + path.Replace('/', '~') });
            foreach (var database in files)
                yield return new(repository + database.Key, [.. database.Select(path => new SourceText(File.ReadAllText(Path.Combine(root, path)), path))]);
        }
    }

    /// <summary>One database: its name in the corpus, and its files.</summary>
    public sealed record CorpusDatabase(string Name, IReadOnlyList<SourceText> Files);

    private sealed class Totals
    {
        public int Applied { get; private set; }

        public int NotApplied { get; private set; }

        public int Recorded { get; private set; }

        public int Equal { get; private set; }

        public int ServerDifferences { get; private set; }

        public int TakenDifferences { get; private set; }

        public int RecordDifferences { get; private set; }

        public void Add(bool isApplied, bool isRecorded, int fromServer, int fromRecord)
        {
            if (isApplied)
                Applied++;
            else
                NotApplied++;
            if (isRecorded && isApplied)
                Recorded++;
            if (isApplied && fromServer == 0)
                Equal++;
            if (isApplied)
                ServerDifferences += fromServer;
            else
                TakenDifferences += fromServer;
            RecordDifferences += fromRecord;
        }
    }
}

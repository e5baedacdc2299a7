using System.Text.Json;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>A statement and what PostgreSQL's parser says of it; At counts characters from 0.</summary>
internal sealed record Judged(string Id, string Sql, bool IsAccepted, string? Kind, string? Error, int? At);

internal static class Corpus
{
    /// <summary>Server SQL as the oracle reads it: no psql.</summary>
    public static SqlParseOptions Options { get; } = new() { PsqlSyntax = false };

    public static IEnumerable<Judged> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length > 0)
                yield return Judgement(line);
        }
    }

    public static Judged Judgement(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return new Judged(
            Text(root, "id") ?? "", Text(root, "sql") ?? "", !root.TryGetProperty("ok", out var ok) || ok.GetBoolean(), Text(root, "kind"), Text(root, "error"),
            root.TryGetProperty("at", out var at) && at.ValueKind == JsonValueKind.Number ? at.GetInt32() : null);
    }

    /// <summary>The .sql files of a folder, the path inside it as the id.</summary>
    public static IEnumerable<(string Id, string Sql)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => (Path.GetRelativePath(folder, f), File.ReadAllText(f)));

    /// <summary>Every statement of a folder's .sql files, or of the accepted statements of a .jsonl file.</summary>
    public static IEnumerable<(string Id, SourceText Source, Statement Statement)> Statements(string path)
    {
        var isFolder = Directory.Exists(path);
        foreach (var (id, sql) in isFolder ? Files(path) : Read(path).Where(static j => j.IsAccepted).Select(static j => (j.Id, j.Sql)))
        {
            var source = new SourceText(sql, id);
            foreach (var statement in SqlParser.Parse(source, isFolder ? SqlParseOptions.Default : Options).Statements)
                yield return (id, source, statement);
        }
    }

    public static SyntaxTree Parse(string sql, string id) => SqlParser.Parse(new SourceText(sql, id), Options);

    /// <summary>A UTF-16 offset as a count of characters.</summary>
    public static int CharactersBefore(string text, int offset)
    {
        var count = 0;
        for (var i = 0; i < offset && i < text.Length; i++)
            count += char.IsLowSurrogate(text[i]) ? 0 : 1;
        return count;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

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
            if (line.Length == 0)
                continue;
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            yield return new Judged(
                Text(root, "id") ?? "", Text(root, "sql") ?? "", !root.TryGetProperty("ok", out var ok) || ok.GetBoolean(), Text(root, "kind"), Text(root, "error"),
                root.TryGetProperty("at", out var at) && at.ValueKind == JsonValueKind.Number ? at.GetInt32() : null);
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

using PolicyLint.Testing;

namespace PolicyLint.Sql.Tests;

/// <summary>A statement and the error marked under it with carets.</summary>
public sealed record MarkedError(string Sql, int Start, int Length, string Message);

/// <summary>The SQL files under Data, read where they stand in the repository.</summary>
internal static class Fixtures
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Sql.Tests", "Data");

    public static IEnumerable<string> Names(string kind) =>
        Directory.EnumerateFiles(Path.Combine(Folder, kind), "*.sql").Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    public static string Read(string kind, string name) => File.ReadAllText(Path.Combine(Folder, kind, name)).ReplaceLineEndings("\n");

    /// <summary>Blocks with a blank line between: the lines of a statement, then carets under the error and its message.</summary>
    public static IEnumerable<MarkedError> Errors(string name)
    {
        foreach (var block in Read("err", name).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.TrimEnd('\n').Split('\n');
            var sql = string.Join('\n', lines[..^1]);
            var mark = lines[^1];
            var column = mark.IndexOf('^', StringComparison.Ordinal);
            var length = mark.LastIndexOf('^', mark.IndexOf("^ ", StringComparison.Ordinal)) - column + 1;
            var start = sql.Length - lines[^2].Length + column;
            yield return new MarkedError(sql, start, start >= sql.Length ? 0 : length, mark[(column + length + 1)..]);
        }
    }
}

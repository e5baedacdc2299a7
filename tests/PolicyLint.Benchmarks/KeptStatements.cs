using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>
/// What the tree keeps as text, by its leading words: of a folder's migrations nothing that the catalog is made of, of a suite's statements at most 15 %.
/// </summary>
internal static class KeptStatements
{
    private static readonly string[] Verbs = ["CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "DO"];
    private static readonly string[] Objects = ["TABLE", "POLICY", "FUNCTION", "PROCEDURE", "ROUTINE", "VIEW", "INDEX", "TRIGGER", "ROLE", "USER", "GROUP", "PRIVILEGES"];
    private static readonly string[] Qualifiers =
        ["OR", "REPLACE", "LOCAL", "GLOBAL", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN", "UNIQUE", "RECURSIVE", "MATERIALIZED", "CONSTRAINT", "EVENT", "DEFAULT"];

    public static int Run(string path)
    {
        int typed = 0, broken = 0, wrong = 0;
        var kept = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, source, statement) in Corpus.Statements(path))
        {
            if (statement is BrokenStatement)
                broken++;
            else if (statement is not OtherStatement other)
                typed += statement is PsqlCommand ? 0 : 1;
            else
            {
                kept[other.Keywords] = kept.GetValueOrDefault(other.Keywords) + 1;
                if (!IsOfTheCatalog(other.GetText()))
                    continue;
                wrong++;
                Console.WriteLine($"{id}@{statement.Start}: {source.GetText(statement.Span)}");
            }
        }
        foreach (var (words, count) in kept)
            Console.WriteLine($"{count,6} {words}");
        Console.WriteLine($"{typed} statements typed, {kept.Values.Sum()} kept as text, {broken} broken; {wrong} kept of {string.Join(", ", Verbs)} of {string.Join(", ", Objects).ToLowerInvariant()}");
        return (Directory.Exists(path) ? wrong == 0 : kept.Values.Sum() * 100 <= 15 * (typed + kept.Values.Sum())) ? 0 : 1;
    }

    private static bool IsOfTheCatalog(string text)
    {
        var words = text.ToUpperInvariant().Split([' ', '\t', '\r', '\n', '('], 8, StringSplitOptions.RemoveEmptyEntries);
        return words[0] is "GRANT" or "REVOKE" or "DO" || (Verbs.Contains(words[0]) && Objects.Contains(words.Skip(1).SkipWhile(Qualifiers.Contains).FirstOrDefault()));
    }
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>Our acceptance and refusal of every statement against PostgreSQL's.</summary>
internal static class Acceptance
{
    public static int Run(string path, int shown) => Run(Corpus.Read(path), shown);

    /// <summary>Whole files, which the oracle judges now.</summary>
    public static int Run(string folder, Oracle oracle)
    {
        var files = Corpus.Files(folder).ToDictionary(static f => f.Id, static f => f.Sql, StringComparer.Ordinal);
        var answers = oracle.Ask("accepts", files.Select(static f => new { id = f.Key, sql = f.Value }));
        return Run(answers.Select(Corpus.Judgement).Select(j => j with { Sql = files[j.Id] }), 5);
    }

    private static int Run(IEnumerable<Judged> corpus, int shown)
    {
        int accepted = 0, agreed = 0, refused = 0, refusedByUs = 0, samePlace = 0, sameWords = 0, others = 0;
        var failures = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var judged in corpus)
        {
            var tree = Corpus.Parse(judged.Sql, judged.Id);
            var error = tree.Errors.Count > 0 ? tree.Errors[0] : null;
            if (judged.IsAccepted)
            {
                var count = judged.Kind is null ? 1 : judged.Kind.Length == 0 ? 0 : judged.Kind.Split('+').Length;
                accepted++;
                others += tree.Statements.Any(static s => s is OtherStatement) ? 1 : 0;
                if (error is null && tree.Statements.Count == count)
                    agreed++;
                else
                    Add(failures, $"refused {judged.Kind}", $"{judged.Id}: {error?.Message ?? $"{tree.Statements.Count} statements"} at {error?.Span.Start}\n      {OneLine(judged.Sql)}");
                continue;
            }
            refused++;
            if (error is null)
            {
                Add(failures, $"accepted, but {Shape(judged.Error)}", $"{judged.Id}: {judged.Error} at {judged.At}\n      {OneLine(judged.Sql)}");
                continue;
            }
            refusedByUs++;
            var at = Corpus.CharactersBefore(judged.Sql, error.Span.Start);
            var isSamePlace = at == judged.At;
            samePlace += isSamePlace ? 1 : 0;
            sameWords += error.Message == judged.Error ? 1 : 0;
            if (!isSamePlace)
                Add(failures, $"another place: {Shape(judged.Error)}", $"{judged.Id}: {judged.Error} at {judged.At}, ours {error.Message} at {at}\n      {OneLine(judged.Sql)}");
            else if (error.Message != judged.Error)
                Add(failures, $"other words: {Shape(judged.Error)}", $"{judged.Id}: {judged.Error}, ours {error.Message}\n      {OneLine(judged.Sql)}");
        }
        foreach (var (group, items) in failures.OrderBy(static g => -g.Value.Count))
        {
            Console.WriteLine($"{items.Count,5} {group}");
            foreach (var item in items.Take(shown))
                Console.WriteLine("    " + item);
        }
        Console.WriteLine($"accepted by PostgreSQL {accepted}: ours {agreed} ({Percent(agreed, accepted)}), kept as text {others} ({Percent(others, accepted)})");
        Console.WriteLine($"refused by PostgreSQL {refused}: ours {refusedByUs} ({Percent(refusedByUs, refused)}), at the same place {samePlace} ({Percent(samePlace, refused)}), same words {sameWords}");
        return agreed == accepted && samePlace * 100 >= refused * 99 ? 0 : 1;
    }

    private static string Percent(int part, int whole) => whole == 0 ? "-" : $"{100.0 * part / whole:0.00} %";

    private static void Add(Dictionary<string, List<string>> groups, string group, string item)
    {
        if (!groups.TryGetValue(group, out var items))
            groups[group] = items = [];
        items.Add(item);
    }

    // An error without the words that it quotes.
    private static string Shape(string? error)
    {
        if (error is null)
            return "";
        var near = error.IndexOf(" at or near ", StringComparison.Ordinal);
        return near >= 0 ? error[..near] : error;
    }

    private static string OneLine(string sql)
    {
        var line = sql.ReplaceLineEndings(" ");
        return line.Length > 300 ? line[..300] + "…" : line;
    }
}

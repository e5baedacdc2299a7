namespace PolicyLint.Core.Findings;

/// <summary>The known name that a misspelt one is most likely meant to be.</summary>
public static class NearestName
{
    /// <summary>The nearest name by edit distance, or null where none is within a third of the word's length.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = Math.Max(1, word.Length / 3) + 1;
        if (word.Length > 64)
            return null;
        foreach (var name in known)
        {
            var distance = Distance(word.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }
        return best;
    }

    /// <summary>The only name that a slip of the pen makes the word of: one mistake, or two in a long word. Names that differ in their digits are meant to. Null where there is none, or more than one.</summary>
    public static string? FindSlip(string word, IEnumerable<string> known)
    {
        if (word.Length is < 4 or > 64)
            return null;
        var most = word.Length < 8 ? 1 : 2;
        var near = known.Where(name => Math.Abs(name.Length - word.Length) <= most && name.Where(char.IsDigit).SequenceEqual(word.Where(char.IsDigit)) && Distance(word.ToLowerInvariant(), name.ToLowerInvariant()) <= most).Take(2).ToList();
        return near is [var only] ? only : null;
    }

    // Optimal string alignment: two letters the wrong way round are one mistake.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}

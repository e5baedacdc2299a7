namespace PolicyLint.Sql.Parsing;

/// <summary>One string for all equal names of a text.</summary>
internal sealed class NameTable
{
    private string?[] _entries = new string?[64];
    private int _count;

    /// <summary>The name that a part of a text spells, ASCII letters lower-cased where asked.</summary>
    public string Get(string text, int start, int length, bool fold)
    {
        var hash = 17;
        for (var i = 0; i < length; i++)
            hash = (hash * 31) + Fold(text[start + i], fold);
        var mask = _entries.Length - 1;
        var index = hash & mask;
        while (_entries[index] is { } entry)
        {
            if (Matches(entry, text, start, length, fold))
                return entry;
            index = (index + 1) & mask;
        }
        var name = Make(text, start, length, fold);
        _entries[index] = name;
        if (++_count * 2 > _entries.Length)
            Grow();
        return name;
    }

    private static char Fold(char c, bool fold) => fold && c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c;

    private static bool Matches(string entry, string text, int start, int length, bool fold)
    {
        if (entry.Length != length)
            return false;
        for (var i = 0; i < length; i++)
        {
            if (entry[i] != Fold(text[start + i], fold))
                return false;
        }
        return true;
    }

    private static string Make(string text, int start, int length, bool fold)
    {
        var isFolded = true;
        for (var i = 0; i < length && isFolded; i++)
            isFolded = Fold(text[start + i], fold) == text[start + i];
        if (isFolded)
            return text.Substring(start, length);
        var characters = new char[length];
        for (var i = 0; i < length; i++)
            characters[i] = Fold(text[start + i], fold);
        return new string(characters);
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new string?[old.Length * 2];
        var mask = _entries.Length - 1;
        foreach (var entry in old)
        {
            if (entry is null)
                continue;
            var hash = 17;
            foreach (var c in entry)
                hash = (hash * 31) + c;
            var index = hash & mask;
            while (_entries[index] is not null)
                index = (index + 1) & mask;
            _entries[index] = entry;
        }
    }
}

using System.Text;

namespace PolicyLint.Sql.Parsing;

/// <summary>One string for all equal names of a text.</summary>
internal sealed class NameTable
{
    // NAMEDATALEN - 1: the server cuts longer identifiers (manual 4.1.1).
    private const int MaximumBytes = 63;

    // Enough for a migration of one table; a table of tables grows fourfold.
    private Entry[] _entries = new Entry[64];
    private int _count;

    /// <summary>The name that a part of a text spells, ASCII letters lower-cased where asked, cut to the length of a name.</summary>
    public string Get(string text, int start, int length, bool fold)
    {
        var hash = 17;
        for (var i = start; i < start + length; i++)
        {
            var c = text[i];
            hash = (hash * 31) + (fold && IsUpper(c) ? c | 0x20 : c);
        }
        // The multiplication leaves the low bits poor where only the last characters differ.
        hash ^= hash >> 15;
        var entries = _entries;
        var mask = entries.Length - 1;
        var index = hash & mask;
        while (entries[index].Text is { } name)
        {
            if (entries[index].Hash == hash && entries[index].Length == length && Matches(name, text, start, fold))
                return name;
            index = (index + 1) & mask;
        }
        var made = Truncate(Make(text, start, length, fold));
        if (made.Length != length)
            return made;
        entries[index] = new Entry { Text = made, Hash = hash, Length = length };
        if (++_count > entries.Length / 4 * 3)
            Grow();
        return made;
    }

    /// <summary>A name cut to the 63 bytes that the server keeps.</summary>
    public static string Truncate(string name)
    {
        if (name.Length * 3 <= MaximumBytes || Encoding.UTF8.GetByteCount(name) <= MaximumBytes)
            return name;
        int bytes = 0, end = 0;
        while (end < name.Length)
        {
            var isPair = char.IsHighSurrogate(name[end]) && end + 1 < name.Length && char.IsLowSurrogate(name[end + 1]);
            bytes += isPair ? 4 : name[end] < 0x80 ? 1 : name[end] < 0x800 ? 2 : 3;
            if (bytes > MaximumBytes)
                break;
            end += isPair ? 2 : 1;
        }
        return name.Substring(0, end);
    }

    private static bool IsUpper(char c) => c is >= 'A' and <= 'Z';

    private static bool Matches(string name, string text, int start, bool fold)
    {
        if (!fold)
            return string.CompareOrdinal(name, 0, text, start, name.Length) == 0;
        for (var i = 0; i < name.Length; i++)
        {
            var c = text[start + i];
            if (c != name[i] && !(IsUpper(c) && (c | 0x20) == name[i]))
                return false;
        }
        return true;
    }

    private static string Make(string text, int start, int length, bool fold)
    {
        var first = fold ? start : start + length;
        while (first < start + length && !IsUpper(text[first]))
            first++;
        if (first == start + length)
            return text.Substring(start, length);
        var characters = text.ToCharArray(start, length);
        for (var i = first - start; i < length; i++)
        {
            if (IsUpper(characters[i]))
                characters[i] = (char)(characters[i] | 0x20);
        }
        return new string(characters);
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 4];
        var mask = _entries.Length - 1;
        foreach (var entry in old)
        {
            if (entry.Text is null)
                continue;
            var index = entry.Hash & mask;
            while (_entries[index].Text is not null)
                index = (index + 1) & mask;
            _entries[index] = entry;
        }
    }

    private struct Entry
    {
        public string? Text;
        public int Hash;
        public int Length;
    }
}

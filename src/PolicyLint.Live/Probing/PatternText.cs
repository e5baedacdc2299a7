using System.Globalization;
using System.Text;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Writes a text that a regular expression matches: the first branch of every alternative, the smallest number of every repetition. What it
/// does not know (look-around, back references) it has no text for.
/// </summary>
internal sealed class PatternText
{
    private const string Word = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int Most = 200;

    private readonly string pattern;
    private readonly StringBuilder text = new();
    private int seed;
    private int at;

    private PatternText(string pattern, int seed)
    {
        this.pattern = pattern;
        this.seed = seed;
    }

    /// <summary>Another text for another seed, as far as the pattern leaves a choice; null where none is found.</summary>
    public static string? Matching(string pattern, int seed)
    {
        var writer = new PatternText(pattern, seed);
        return writer.Branches() && writer.at == pattern.Length && writer.text.Length <= Most ? writer.text.ToString() : null;
    }

    private bool Branches()
    {
        if (!Sequence())
            return false;
        while (at < pattern.Length && pattern[at] == '|')
        {
            at++;
            var length = text.Length;
            if (!Sequence())
                return false;
            text.Length = length;
        }
        return true;
    }

    private bool Sequence()
    {
        while (at < pattern.Length && pattern[at] is not ('|' or ')'))
        {
            if (pattern[at] is '^' or '$')
                at++;
            else if (!Repeated())
                return false;
        }
        return true;
    }

    private bool Repeated()
    {
        var (from, length, unused) = (at, text.Length, seed);
        if (!One())
            return false;
        var least = Quantifier();
        if (least < 0)
            return false;
        var end = at;
        (text.Length, seed) = (length, unused);
        for (var i = 0; i < least && text.Length <= Most; i++)
        {
            at = from;
            One();
        }
        at = end;
        return true;
    }

    private bool One()
    {
        var c = pattern[at++];
        switch (c)
        {
            case '(':
                if (at < pattern.Length && pattern[at] == '?')
                {
                    if (at + 1 >= pattern.Length || pattern[at + 1] != ':')
                        return false;
                    at += 2;
                }
                return Branches() && at < pattern.Length && pattern[at++] == ')';
            case '[':
                return Class();
            case '.':
                Pick(Word);
                return true;
            case '\\':
                return at < pattern.Length && Escape(pattern[at++]) is { } choice && Pick(choice);
            case '*' or '+' or '?' or '{' or ')':
                return false;
            default:
                text.Append(c);
                return true;
        }
    }

    /// <summary>The least number of times; -1 where it can't be read.</summary>
    private int Quantifier()
    {
        if (at >= pattern.Length)
            return 1;
        var least = 1;
        switch (pattern[at])
        {
            case '*' or '?':
                least = 0;
                at++;
                break;
            case '+':
                at++;
                break;
            case '{':
                var end = pattern.IndexOf('}', at);
                var comma = end < 0 ? -1 : pattern.IndexOf(',', at, end - at);
                if (end < 0 || !int.TryParse(pattern.AsSpan(at + 1, (comma < 0 ? end : comma) - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out least))
                    return -1;
                at = end + 1;
                break;
            default:
                return 1;
        }
        if (at < pattern.Length && pattern[at] == '?')
            at++;
        return least;
    }

    private bool Class()
    {
        var isNegated = at < pattern.Length && pattern[at] == '^';
        if (isNegated)
            at++;
        var members = new StringBuilder();
        for (var isFirst = true; at < pattern.Length && (pattern[at] != ']' || isFirst); isFirst = false)
        {
            var c = pattern[at++];
            if (c == '[' && at < pattern.Length && pattern[at] == ':')
            {
                var end = pattern.IndexOf(":]", at, StringComparison.Ordinal);
                if (end < 0 || Named(pattern[(at + 1)..end]) is not { } named)
                    return false;
                members.Append(named);
                at = end + 2;
            }
            else if (c == '\\' && at < pattern.Length)
            {
                if (Escape(pattern[at++]) is not { } escaped)
                    return false;
                members.Append(escaped);
            }
            else if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']' && pattern[at + 1] != '\\')
            {
                for (int member = c, last = pattern[at + 1]; member <= last && members.Length <= Most; member++)
                    members.Append((char)member);
                at += 2;
            }
            else
            {
                members.Append(c);
            }
        }
        if (at >= pattern.Length)
            return false;
        at++;
        var choice = isNegated ? string.Concat(Word.Where(c => !members.ToString().Contains(c, StringComparison.Ordinal))) : members.ToString();
        return choice.Length > 0 && Pick(choice);
    }

    // A letter or digit rather than a sign, and another one for another seed.
    private bool Pick(string choice)
    {
        var plain = string.Concat(choice.Where(char.IsAsciiLetterOrDigit));
        var from = plain.Length > 0 ? plain : choice;
        text.Append(from[seed % from.Length]);
        seed /= from.Length;
        return true;
    }

    private static string? Escape(char c) => c switch
    {
        'd' => "0123456789",
        'w' => Word,
        's' => " ",
        _ when char.IsAsciiLetterOrDigit(c) => null,
        _ => c.ToString(),
    };

    private static string? Named(string name) => name switch
    {
        "alpha" or "lower" => "abcdefghijklmnopqrstuvwxyz",
        "upper" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "alnum" => Word,
        "digit" => "0123456789",
        "xdigit" => "0123456789abcdef",
        "space" => " ",
        _ => null,
    };
}

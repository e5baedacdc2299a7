using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>What expressions say in the same words. One object stands for each wording.</summary>
internal sealed class Wording(string text, int start, int length, Wording? next)
{
    /// <summary>Another of the same hash.</summary>
    public Wording? Next => next;

    public bool Is(string other, int otherStart, int otherLength) => length == otherLength && string.CompareOrdinal(text, start, other, otherStart, length) == 0;
}

/// <summary>
/// Tells which expressions have the same wording. What is as a file has it is compared where it stands, so that thousands of alike policies are neither
/// printed nor kept as texts.
/// </summary>
internal sealed class Wordings
{
    private readonly Dictionary<int, Wording> _known = [];

    public Wording Of(SqlFragment<Expression> fragment)
    {
        if (fragment.IsAsWritten)
            return Of(fragment.Source.Text, fragment.Tree.Start, fragment.Tree.End - fragment.Tree.Start);
        var printed = fragment.ToString();
        return Of(printed, 0, printed.Length);
    }

    private Wording Of(string text, int start, int length)
    {
        var hash = length;
        for (var i = start; i < start + length; i++)
            hash = unchecked((hash * 31) + text[i]);
        _known.TryGetValue(hash, out var first);
        for (var known = first; known is not null; known = known.Next)
        {
            if (known.Is(text, start, length))
                return known;
        }
        return _known[hash] = new(text, start, length, first);
    }
}

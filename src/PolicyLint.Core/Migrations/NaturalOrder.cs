namespace PolicyLint.Core.Migrations;

/// <summary>Orders paths as migration tools do: segment by segment, runs of digits by their value.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static NaturalOrder Instance { get; } = new();

    private NaturalOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        x ??= "";
        y ??= "";
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            if (IsDigit(x[i]) && IsDigit(y[j]))
            {
                int a = SkipZeros(x, i), b = SkipZeros(y, j);
                int endA = EndOfDigits(x, a), endB = EndOfDigits(y, b);
                var byValue = endA - a != endB - b ? (endA - a).CompareTo(endB - b) : string.CompareOrdinal(x, a, y, b, endA - a);
                if (byValue != 0)
                    return byValue;
                i = endA;
                j = endB;
                continue;
            }
            if (x[i] != y[j])
            {
                // A shorter folder name sorts before its longer neighbours.
                if (x[i] == '/')
                    return -1;
                return y[j] == '/' ? 1 : x[i].CompareTo(y[j]);
            }
            i++;
            j++;
        }
        var byLength = (x.Length - i).CompareTo(y.Length - j);
        return byLength != 0 ? byLength : string.CompareOrdinal(x, y);
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static int SkipZeros(string text, int i)
    {
        while (i + 1 < text.Length && text[i] == '0' && IsDigit(text[i + 1]))
            i++;
        return i;
    }

    private static int EndOfDigits(string text, int i)
    {
        while (i < text.Length && IsDigit(text[i]))
            i++;
        return i;
    }
}

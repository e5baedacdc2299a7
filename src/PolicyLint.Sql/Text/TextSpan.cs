namespace PolicyLint.Sql.Text;

/// <summary>A range of a text in UTF-16 offsets.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset after the last character.</summary>
    public int End => Start + Length;

    /// <summary>The span from one offset up to, not including, another.</summary>
    public static TextSpan FromBounds(int start, int end) => new(start, end - start);
}

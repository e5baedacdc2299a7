namespace PolicyLint.Sql.Text;

/// <summary>
/// A text and where it comes from. Lines end with LF, CR or CRLF. Offsets are 0-based UTF-16 units;
/// lines and columns are 0-based here and 1-based only in output.
/// </summary>
public sealed class SourceText
{
    private static readonly char[] s_breaks = ['\n', '\r'];

    private int[]? _lineStarts;

    /// <param name="text">The characters.</param>
    /// <param name="path">The file's path as it is to be shown, or any name that says where the text is from.</param>
    public SourceText(string text, string path = "")
    {
        Text = text;
        Path = path;
    }

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>Where the text is from: a path with forward slashes, relative to the project.</summary>
    public string Path { get; }

    /// <summary>Number of lines, at least one.</summary>
    public int LineCount => LineStarts.Length;

    // Computed on first use; two threads at worst compute the same array twice.
    private int[] LineStarts => _lineStarts ??= FindLineStarts(Text);

    /// <summary>The characters of a span.</summary>
    public string GetText(TextSpan span) => Text.Substring(span.Start, span.Length);

    /// <summary>0-based line and column of an offset; an offset past the end is the end.</summary>
    public LinePosition GetPosition(int offset)
    {
        var starts = LineStarts;
        offset = Math.Max(0, Math.Min(offset, Text.Length));
        // By hand: what is generic over numbers would have to be compiled when a check of one small file first asks.
        var (line, next) = (0, starts.Length);
        while (next - line > 1)
        {
            var middle = (line + next) >>> 1;
            if (starts[middle] <= offset)
                line = middle;
            else
                next = middle;
        }
        return new(line, offset - starts[line]);
    }

    /// <summary>The span of a 0-based line without its line break.</summary>
    public TextSpan GetLine(int line)
    {
        var start = LineStarts[line];
        var end = line + 1 < LineStarts.Length ? LineStarts[line + 1] : Text.Length;
        while (end > start && Text[end - 1] is '\n' or '\r')
            end--;
        return TextSpan.FromBounds(start, end);
    }

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = text.IndexOfAny(s_breaks); i >= 0; i = text.IndexOfAny(s_breaks, i + 1))
        {
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                i++;
            starts.Add(i + 1);
        }
        return starts.ToArray();
    }
}

/// <summary>A 0-based line and column, in UTF-16 units.</summary>
public readonly record struct LinePosition(int Line, int Column);

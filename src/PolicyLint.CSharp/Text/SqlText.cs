using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.Text;

/// <summary>SQL as C# makes it, and where each of its characters stands in the source.</summary>
public sealed class SqlText
{
    private readonly IReadOnlyList<Segment> _segments;

    private SqlText(string text, IReadOnlyList<Segment> segments)
    {
        Text = text;
        _segments = segments;
    }

    /// <summary>The SQL.</summary>
    public string Text { get; }

    /// <summary>A text whose characters stand one by one in a tree.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="tree">Where they stand.</param>
    /// <param name="positions">The place of each character, and of the end: one more than there are characters.</param>
    public static SqlText FromCharacters(string text, SyntaxTree tree, int[] positions) => new(text, [new(0, text.Length, tree, positions, default)]);

    /// <summary>A text that is made elsewhere: all of it is shown where it is used.</summary>
    public static SqlText FromUse(string text, SyntaxNode use) => new(text, [new(0, text.Length, use.SyntaxTree, null, use.Span)]);

    /// <summary>One text behind the other.</summary>
    public static SqlText Concat(SqlText left, SqlText right)
    {
        var segments = new List<Segment>(left._segments);
        foreach (var segment in right._segments)
            segments.Add(segment with { Start = segment.Start + left.Text.Length });
        return new(left.Text + right.Text, segments);
    }

    /// <summary>Where a part of the SQL stands. A part that runs over several literals is shown from its start to the end of the first.</summary>
    public Location Locate(int start, int end)
    {
        var first = SegmentAt(start);
        if (first.Positions is null)
            return Location.Create(first.Tree, first.Whole);
        var from = first.Positions[Math.Min(start - first.Start, first.Length)];
        var last = end > start ? SegmentAt(end - 1) : first;
        var to = ReferenceEquals(last.Tree, first.Tree) && last.Positions is not null
            ? last.Positions[Math.Min(end - last.Start, last.Length)]
            : first.Positions[first.Length];
        return Location.Create(first.Tree, TextSpan.FromBounds(from, Math.Max(from, to)));
    }

    private Segment SegmentAt(int offset)
    {
        for (var i = _segments.Count - 1; i > 0; i--)
        {
            if (_segments[i].Start <= offset)
                return _segments[i];
        }
        return _segments[0];
    }

    private sealed record Segment(int Start, int Length, SyntaxTree Tree, int[]? Positions, TextSpan Whole);
}

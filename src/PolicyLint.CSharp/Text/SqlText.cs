using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.Text;

/// <summary>A part of an SQL text that is no constant.</summary>
/// <param name="Value">The expression that stands there; null where none is known.</param>
/// <param name="Reason">Why its text is not known, in words.</param>
/// <param name="IsParameter">Sent as a parameter (FormattableString of EF Core), not as text.</param>
public sealed record SqlHole(IOperation? Value, string Reason, bool IsParameter)
{
    /// <summary>A number, Guid or date can't change the statement's shape; a string can.</summary>
    public bool IsPlainValue => IsParameter || Value?.Type is { } type && (type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double and not SpecialType.System_Char
        || type.SpecialType == SpecialType.System_DateTime || type.TypeKind == TypeKind.Enum || type is { Name: "Guid" or "DateTimeOffset" or "DateOnly", ContainingNamespace.Name: "System" });
}

/// <summary>SQL as C# makes it on one path, and where each of its characters stands in the source. Holes read as parameters.</summary>
public sealed class SqlText
{
    /// <summary>What a hole's parameter name begins with.</summary>
    public const string HoleName = "__hole";

    private readonly IReadOnlyList<Piece> _pieces;
    private readonly int[] _starts;

    private SqlText(IReadOnlyList<Piece> pieces)
    {
        _pieces = pieces;
        _starts = new int[pieces.Count];
        var text = new StringBuilder();
        var holes = new List<SqlHole>();
        for (var i = 0; i < pieces.Count; i++)
        {
            _starts[i] = text.Length;
            if (pieces[i].Hole is { } hole)
            {
                text.Append('@').Append(HoleName).Append(holes.Count.ToString(CultureInfo.InvariantCulture));
                holes.Add(hole);
            }
            else
            {
                text.Append(pieces[i].Text);
            }
        }
        Text = text.ToString();
        Holes = holes;
    }

    /// <summary>The SQL; the hole of index n stands as the parameter `@__holen`.</summary>
    public string Text { get; }

    /// <summary>The parts that are no constants, in order.</summary>
    public IReadOnlyList<SqlHole> Holes { get; }

    /// <summary>Nothing of it is known.</summary>
    public bool IsOpaque => _pieces.Count > 0 && Holes.Count == _pieces.Count && !Holes[0].IsParameter;

    /// <summary>What is constant of it, with a blank for each hole.</summary>
    public string KnownParts() => string.Concat(_pieces.Select(piece => piece.Hole is null ? piece.Text : " "));

    /// <summary>A text whose characters stand one by one in a tree.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="tree">Where they stand.</param>
    /// <param name="positions">The place of each character, and of the end: one more than there are characters.</param>
    public static SqlText FromCharacters(string text, SyntaxTree tree, int[] positions) => new([new(text, tree, positions, default, null)]);

    /// <summary>A text that is made elsewhere: all of it is shown where it is used.</summary>
    public static SqlText FromUse(string text, SyntaxNode use) => new([new(text, use.SyntaxTree, null, use.Span, null)]);

    /// <summary>A text that is not known.</summary>
    public static SqlText FromHole(SqlHole hole, SyntaxNode use) => new([new("", use.SyntaxTree, null, use.Span, hole)]);

    /// <summary>One text behind the other.</summary>
    public static SqlText Concat(SqlText left, SqlText right)
    {
        var pieces = new List<Piece>(left._pieces);
        foreach (var piece in right._pieces)
        {
            if (piece.Hole is not null || piece.Text.Length > 0)
                pieces.Add(piece);
        }
        return new(pieces);
    }

    /// <summary>Each occurrence of a text replaced by another one; what runs over several literals is no occurrence.</summary>
    public SqlText Replace(string old, SqlText replacement)
    {
        var result = new SqlText([]);
        foreach (var piece in _pieces)
        {
            if (piece.Hole is not null)
            {
                result = Concat(result, new([piece]));
                continue;
            }
            var from = 0;
            for (var at = piece.Text.IndexOf(old, StringComparison.Ordinal); at >= 0; at = piece.Text.IndexOf(old, from, StringComparison.Ordinal))
            {
                result = Concat(Concat(result, new([piece.Part(from, at)])), replacement);
                from = at + old.Length;
            }
            result = Concat(result, new([piece.Part(from, piece.Text.Length)]));
        }
        return result;
    }

    /// <summary>`{0}` of string.Format replaced by the arguments; null where the format can't be followed.</summary>
    public SqlText? Format(IReadOnlyList<SqlText> arguments)
    {
        var result = new SqlText([]);
        foreach (var piece in _pieces)
        {
            if (piece.Hole is not null)
                return null;
            var from = 0;
            for (var i = 0; i < piece.Text.Length; i++)
            {
                if (piece.Text[i] is not ('{' or '}'))
                    continue;
                result = Concat(result, new([piece.Part(from, i)]));
                if (i + 1 < piece.Text.Length && piece.Text[i + 1] == piece.Text[i])
                {
                    result = Concat(result, new([piece.Part(i, i + 1)]));
                    from = ++i + 1;
                    continue;
                }
                var close = piece.Text.IndexOf('}', i);
                if (piece.Text[i] == '}' || close < 0 || !int.TryParse(piece.Text.Substring(i + 1, close - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= arguments.Count)
                    return null;
                result = Concat(result, arguments[index]);
                i = close;
                from = close + 1;
            }
            result = Concat(result, new([piece.Part(from, piece.Text.Length)]));
        }
        return result;
    }

    /// <summary>`{0}` of EF Core's raw SQL as the parameter `@p0`, which is as long.</summary>
    public SqlText WithNumberedParameters()
    {
        var pieces = new List<Piece>();
        foreach (var piece in _pieces)
        {
            var text = new StringBuilder(piece.Text);
            for (var i = 0; i < text.Length; i++)
            {
                var close = text[i] == '{' ? piece.Text.IndexOf('}', i) : -1;
                if (close > i + 1 && int.TryParse(piece.Text.Substring(i + 1, close - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                    text.Remove(i, close - i + 1).Insert(i, "@p" + piece.Text.Substring(i + 1, close - i - 1));
            }
            pieces.Add(text.Length == piece.Text.Length ? piece with { Text = text.ToString() } : piece);
        }
        return new(pieces);
    }

    /// <summary>Where a part of the SQL stands. A part that runs over several literals is shown from its start to the end of the first.</summary>
    public Location Locate(int start, int end)
    {
        var first = PieceAt(start);
        if (_pieces[first].Positions is not { } positions)
            return Location.Create(_pieces[first].Tree, _pieces[first].Whole);
        var from = positions[Math.Min(start - _starts[first], positions.Length - 1)];
        var last = end > start ? PieceAt(end - 1) : first;
        var to = ReferenceEquals(_pieces[last].Tree, _pieces[first].Tree) && _pieces[last].Positions is { } ends
            ? ends[Math.Min(end - _starts[last], ends.Length - 1)]
            : positions[positions.Length - 1];
        return Location.Create(_pieces[first].Tree, TextSpan.FromBounds(from, Math.Max(from, to)));
    }

    /// <summary>The place in the source behind a part of the SQL that ends at an offset; null where its last character stands nowhere by itself.</summary>
    public (SyntaxTree Tree, int Position)? Behind(int offset)
    {
        var index = PieceAt(Math.Max(0, offset - 1));
        var piece = _pieces[index];
        if (piece.Hole is not null)
            return piece.Tree.GetRoot().FindNode(piece.Whole, getInnermostNodeForTie: true).FirstAncestorOrSelf<InterpolationSyntax>() is { } hole ? (piece.Tree, hole.Span.End) : null;
        return piece.Positions is { } positions ? (piece.Tree, positions[offset - _starts[index]]) : null;
    }

    /// <summary>Where a hole stands.</summary>
    public Location LocateHole(SqlHole hole)
    {
        foreach (var piece in _pieces)
        {
            if (ReferenceEquals(piece.Hole, hole))
                return Location.Create(piece.Tree, piece.Whole);
        }
        return Locate(0, 0);
    }

    private int PieceAt(int offset)
    {
        for (var i = _pieces.Count - 1; i > 0; i--)
        {
            if (_starts[i] <= offset)
                return i;
        }
        return 0;
    }

    private sealed record Piece(string Text, SyntaxTree Tree, int[]? Positions, TextSpan Whole, SqlHole? Hole)
    {
        public Piece Part(int start, int end)
        {
            int[]? positions = null;
            if (Positions is not null)
            {
                positions = new int[end - start + 1];
                Array.Copy(Positions, start, positions, 0, positions.Length);
            }
            return this with { Text = Text.Substring(start, end - start), Positions = positions };
        }
    }
}

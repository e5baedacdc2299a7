using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <summary>
/// The text inside a string constant as something to parse: a dollar-quoted one is parsed where it stands,
/// any other is decoded and its characters are mapped back.
/// </summary>
internal readonly struct QuotedBody
{
    private QuotedBody(string text, TextSpan range, OffsetMap? map)
    {
        Text = text;
        Range = range;
        Map = map;
    }

    public string Text { get; }

    public TextSpan Range { get; }

    public OffsetMap? Map { get; }

    public static QuotedBody Of(Literal literal)
    {
        var outer = literal.Source.Text;
        var map = literal.DecodedText is { } decoded ? OffsetMap.At(decoded, literal.Start)
            : outer[literal.Start] is 'u' or 'U' ? OffsetMap.At(literal.GetText(), literal.Start)
            : outer[literal.Start] == '$' ? null
            : OffsetMap.Create(outer, literal.Start, literal.End);
        if (map is not null)
            return new QuotedBody(map.Text, new TextSpan(0, map.Text.Length), map);
        var tag = outer.IndexOf('$', literal.Start + 1) + 1 - literal.Start;
        return new QuotedBody(outer, TextSpan.FromBounds(literal.Start + tag, literal.End - tag), null);
    }

    /// <summary>psql does not look into strings. Whoever parses a body goes on to walk it: bounded unless asked otherwise.</summary>
    public static SqlParseOptions OptionsFor(SqlParseOptions? options) => (options ?? SqlParseOptions.Bounded) with { PsqlSyntax = false, NamedParameters = false, Range = null };
}

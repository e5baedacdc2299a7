using PolicyLint.Sql.Parsing;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>PostgreSQL text to syntax tree. Never throws on any input; errors stand in the tree.</summary>
public static class SqlParser
{
    /// <summary>Parses a script: statements separated by semicolons.</summary>
    public static SyntaxTree Parse(SourceText source, SqlParseOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= SqlParseOptions.Default;
        return new SqlScriptParser(options).Parse(source, options.Range, cancellation);
    }

    /// <summary>Parses one expression, as in a policy's USING or a view of the system catalogs. Null with the error where it is none. Bounded by default.</summary>
    public static Expression? ParseExpression(SourceText source, out SyntaxError? error, SqlParseOptions? options = null)
    {
        options ??= SqlParseOptions.Bounded;
        return new SqlStatementParser(source, source.Text, RangeOf(source, options.Range), options).ParseWhole(SqlStatementParser.WholeExpression, out error);
    }

    /// <summary>Parses a type name.</summary>
    public static TypeName? ParseTypeName(SourceText source, out SyntaxError? error)
    {
        var options = SqlParseOptions.Default;
        return new SqlStatementParser(source, source.Text, RangeOf(source, options.Range), options).ParseWhole(SqlStatementParser.WholeTypeName, out error);
    }

    internal static TextSpan RangeOf(SourceText source, TextSpan? part)
    {
        if (part is not { } range)
            return new TextSpan(0, source.Text.Length);
        var start = Math.Max(0, Math.Min(range.Start, source.Text.Length));
        return TextSpan.FromBounds(start, Math.Max(start, Math.Min(range.End, source.Text.Length)));
    }
}

using PolicyLint.Sql.Parsing;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>SQL function bodies given as a string.</summary>
public static class SqlBodyParser
{
    /// <summary>Parses the statements of a LANGUAGE sql body; spans are those of the outer text. Bounded by default.</summary>
    public static SyntaxTree Parse(Literal body, SqlParseOptions? options = null, CancellationToken cancellation = default)
    {
        var inner = QuotedBody.Of(body);
        return new SqlScriptParser(QuotedBody.OptionsFor(options)).Parse(body.Source, inner.Text, inner.Range, inner.Map, cancellation);
    }
}

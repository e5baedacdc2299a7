using PolicyLint.Sql.Parsing;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>
/// PL/pgSQL bodies. Body is the literal of a function or DO statement; spans in the tree are those of the outer text
/// (also for '…' strings with doubled quotes, whose characters are mapped back one by one).
/// </summary>
public static class PlPgSqlParser
{
    /// <summary>Parses the body of a function, procedure or DO block. Bounded by default.</summary>
    public static PlPgSqlTree Parse(Literal body, SqlParseOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var inner = QuotedBody.Of(body);
        var parser = new SqlStatementParser(body.Source, inner.Text, inner.Range, QuotedBody.OptionsFor(options), inner.Map);
        var block = parser.ParseWhole(static p => p.PlFunction(), out var error);
        return new PlPgSqlTree(block, error is null ? [] : [error]);
    }
}

/// <summary>A PL/pgSQL body.</summary>
/// <param name="Block">The outermost block; null where the body could not be parsed.</param>
/// <param name="Errors">Errors at their place in the outer text.</param>
public sealed record PlPgSqlTree(PlBlock? Block, IReadOnlyList<SyntaxError> Errors);

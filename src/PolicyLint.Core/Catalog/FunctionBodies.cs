using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>What a function does, as trees.</summary>
internal static class FunctionBodies
{
    /// <summary>
    /// The expression, the statements or the block of a function in SQL or PL/pgSQL, with offsets of the text that defines it; null where
    /// the body is in another language or could not be parsed to its end.
    /// </summary>
    public static IReadOnlyList<SqlNode>? Of(Function function)
    {
        switch (function.Body?.Tree)
        {
            case ReturnBody body:
                return [body.Value];
            case AtomicBody body:
                return body.Statements;
            case StringBody body when function.Language == "sql":
            {
                var tree = SqlBodyParser.Parse(body.Text, SqlParseOptions.Bounded);
                return tree.Errors.Count == 0 ? tree.Statements : null;
            }
            case StringBody body when function.Language == "plpgsql":
                return PlPgSqlParser.Parse(body.Text, SqlParseOptions.Bounded).Block is { } block ? [block] : null;
            default:
                return null;
        }
    }
}

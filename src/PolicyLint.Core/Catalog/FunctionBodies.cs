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
        // Many rules read the same bodies, which stand in the catalog as strings.
        var roots = function.Body?.Make(body => Parse(body, function.Language));
        return roots is { IsRead: true } ? roots.Nodes : null;
    }

    private static Roots Parse(FunctionBody body, string language)
    {
        switch (body)
        {
            case ReturnBody expression:
                return new(true, [expression.Value]);
            case AtomicBody atomic:
                return new(true, atomic.Statements);
            case StringBody text when language == "sql":
            {
                var tree = SqlBodyParser.Parse(text.Text, SqlParseOptions.Bounded);
                return new(tree.Errors.Count == 0, tree.Statements);
            }
            case StringBody text when language == "plpgsql":
            {
                var block = PlPgSqlParser.Parse(text.Text, SqlParseOptions.Bounded).Block;
                return block is null ? new(false, []) : new(true, [block]);
            }
            default:
                return new(false, []);
        }
    }

    private sealed record Roots(bool IsRead, IReadOnlyList<SqlNode> Nodes);
}

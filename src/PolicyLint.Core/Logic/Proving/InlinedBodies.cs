using System.Runtime.CompilerServices;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>The one query or expression that a function is. Bodies are parsed once.</summary>
internal sealed class InlinedBodies
{
    // By object, not by what it says: a function is a record.
    private ConditionalWeakTable<Function, Body>? _known;

    /// <summary>What the function gives back: a query's rows, or a value. Null where it does more than that, or where that is not known.</summary>
    public (QueryStatement? Query, Expression? Value)? Of(Function function) => LazyInitializer.EnsureInitialized(ref _known)!.GetValue(function, static known => new Body(Read(known))).Value;

    private static (QueryStatement? Query, Expression? Value)? Read(Function function)
    {
        if (function.IsProcedure || function.Body is null)
            return null;
        switch (function.Body.Tree)
        {
            case ReturnBody body:
                return (null, body.Value);
            case AtomicBody { Statements: [QueryStatement query] }:
                return (query, null);
            case AtomicBody { Statements: [ReturnStatement value] }:
                return (null, value.Value);
            case StringBody text when function.Language == "sql":
            {
                var tree = SqlBodyParser.Parse(text.Text);
                return tree.Errors.Count == 0 && tree.Statements.Count == 1 && tree.Statements[0] is QueryStatement query ? (query, null) : null;
            }
            case StringBody text when function.Language == "plpgsql":
                // A block that does nothing but RETURN, with no variable that could take a column's name.
                return PlPgSqlParser.Parse(text.Text) is { Errors.Count: 0, Block: { Declarations.Length: 0, Handlers.Length: 0, Statements: [PlReturn result] } } ? Returned(result) : null;
            default:
                return null;
        }
    }

    private static (QueryStatement? Query, Expression? Value)? Returned(PlReturn result) => result switch
    {
        { Kind: PlReturnKind.Plain, Value: { } value } => (null, value),
        { Kind: PlReturnKind.Query, Query: QueryStatement query } => (query, null),
        _ => null,
    };

    private sealed class Body((QueryStatement? Query, Expression? Value)? value)
    {
        public (QueryStatement? Query, Expression? Value)? Value { get; } = value;
    }
}

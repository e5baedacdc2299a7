using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>PostgreSQL text to syntax tree. Never throws on any input; errors stand in the tree.</summary>
public static class SqlParser
{
    /// <summary>Parses a script: statements separated by semicolons.</summary>
    public static SyntaxTree Parse(SourceText source, SqlParseOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Parses one expression, as in a policy's USING or a view of the system catalogs. Null with the error where it is none.</summary>
    public static Expression? ParseExpression(SourceText source, out SyntaxError? error, SqlParseOptions? options = null) =>
        throw new NotImplementedException();

    /// <summary>Parses a type name.</summary>
    public static TypeName? ParseTypeName(SourceText source, out SyntaxError? error) =>
        throw new NotImplementedException();
}

/// <summary>
/// PL/pgSQL bodies. Body is the literal of a function or DO statement; spans in the tree are those of the outer text
/// (also for '…' strings with doubled quotes, whose characters are mapped back one by one).
/// </summary>
public static class PlPgSqlParser
{
    /// <summary>Parses the body of a function, procedure or DO block.</summary>
    public static PlPgSqlTree Parse(Literal body, SqlParseOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}

/// <summary>SQL function bodies given as a string.</summary>
public static class SqlBodyParser
{
    /// <summary>Parses the statements of a LANGUAGE sql body; spans are those of the outer text.</summary>
    public static SyntaxTree Parse(Literal body, SqlParseOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}

/// <summary>A PL/pgSQL body.</summary>
/// <param name="Block">The outermost block; null where the body could not be parsed.</param>
/// <param name="Errors">Errors at their place in the outer text.</param>
public sealed record PlPgSqlTree(PlBlock? Block, IReadOnlyList<SyntaxError> Errors);

/// <summary>Syntax tree to text that parses back to the same tree.</summary>
public static class SqlPrinter
{
    /// <summary>SQL of a node on one line: keywords upper case, names quoted where needed, parentheses where precedence needs them.</summary>
    public static string Print(SqlNode node) => throw new NotImplementedException();
}

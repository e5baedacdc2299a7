using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Catalog;

/// <summary>Parses what the server prints of expressions, queries and functions, and remembers what could not be read.</summary>
internal sealed class LiveSql
{
    private readonly List<ReplayIssue> issues = [];

    // Tables that were made alike have the same texts.
    private readonly Dictionary<string, SqlFragment<Expression>> expressions = new(StringComparer.Ordinal);

    public IReadOnlyList<ReplayIssue> Issues => issues;

    /// <summary>
    /// An expression as pg_get_expr prints it. Null where there is none, and where it can't be read: then <paramref name="isReadable"/> is false.
    /// </summary>
    public SqlFragment<Expression>? Expression(string? text, Origin origin, ref bool isReadable)
    {
        if (text is null)
            return null;

        if (expressions.TryGetValue(text, out var known))
            return known;

        var source = new SourceText(text);
        if (SqlParser.ParseExpression(source, out var error, SqlParseOptions.Bounded) is { } tree)
        {
            var fragment = new SqlFragment<Expression>(tree, source);
            expressions.Add(text, fragment);
            return fragment;
        }

        Unreadable(origin, error, text);
        isReadable = false;
        return null;
    }

    /// <summary>A query as pg_get_viewdef prints it; null where it can't be read.</summary>
    public SqlFragment<QueryStatement>? Query(string? text, Origin origin)
    {
        if (text is null)
            return null;

        var source = new SourceText(text, origin.Description);
        var tree = SqlParser.Parse(source, SqlParseOptions.Bounded);
        if (tree is { Errors.Count: 0, Statements: [QueryStatement query] })
            return new SqlFragment<QueryStatement>(query, source);

        Unreadable(origin, tree.Errors.Count > 0 ? tree.Errors[0] : null, text);
        return null;
    }

    /// <summary>The body of a function as pg_get_functiondef prints it; null where it can't be read.</summary>
    public SqlFragment<FunctionBody>? Body(string? text, Origin origin)
    {
        if (text is null)
            return null;

        var source = new SourceText(text, origin.Description);
        var tree = SqlParser.Parse(source, SqlParseOptions.Bounded);
        if (tree is { Errors.Count: 0, Statements: [CreateFunctionStatement { Body: { } body }] })
            return new SqlFragment<FunctionBody>(body, source);

        Unreadable(origin, tree.Errors.Count > 0 ? tree.Errors[0] : null, text);
        return null;
    }

    private void Unreadable(Origin origin, SyntaxError? error, string text)
    {
        var start = text.Length <= 60 ? text : text[..60] + "…";
        issues.Add(new ReplayIssue(origin, $"not read: {error?.Message ?? "unexpected text"} in: {start.ReplaceLineEndings(" ")}", IsError: false));
    }
}

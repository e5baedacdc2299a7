using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

/// <summary>Whether a statement may give rows a value for a column. When in doubt it does.</summary>
internal sealed class ColumnFilling(string column) : SqlVisitor
{
    private bool _found;

    /// <summary>Whether the statement, a block in it, or a function that it calls may write the column.</summary>
    /// <param name="statement">Any statement.</param>
    /// <param name="column">The column's name, of whatever table.</param>
    /// <param name="functionsThatFill">Names of functions whose bodies write the column.</param>
    public static bool MayFill(Statement statement, string column, IReadOnlyCollection<string> functionsThatFill)
    {
        if (statement is not (DoStatement or CallStatement or UpdateStatement or MergeStatement or InsertStatement or QueryStatement))
            return false;
        var search = new ColumnFilling(column) { _functions = functionsThatFill };
        search.Visit(statement);
        return search._found;
    }

    /// <summary>Whether the body of a function may write the column.</summary>
    public static bool IsFilledBy(CreateFunctionStatement function, string column)
    {
        var search = new ColumnFilling(column);
        if (function.Body is StringBody body)
        {
            if (PlPgSqlParser.Parse(body.Text, SqlParseOptions.Bounded).Block is { } block)
                search.Visit(block);
            foreach (var statement in SqlBodyParser.Parse(body.Text, SqlParseOptions.Bounded).Statements)
                search.Visit(statement);
        }
        else
            search.Visit(function.Body);
        return search._found;
    }

    private IReadOnlyCollection<string> _functions = [];

    public override void VisitAssignmentTarget(AssignmentTarget node) => _found |= node.Column == column;

    public override void VisitDoStatement(DoStatement node)
    {
        if (PlPgSqlParser.Parse(node.Body, SqlParseOptions.Bounded).Block is { } block)
            Visit(block);
        else
            _found = true;
    }

    // Dynamic SQL may do anything.
    public override void VisitPlExecute(PlExecute node) => _found = true;

    public override void VisitFunctionCall(FunctionCall node)
    {
        foreach (var function in _functions)
            _found |= node.Name.Name == function;
        base.VisitFunctionCall(node);
    }
}

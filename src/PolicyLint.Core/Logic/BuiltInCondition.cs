using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic;

/// <summary>
/// Recognises conditions of built-in operators on columns, parameters and literals: LIKE, ranges, JSON and array operators. Such a condition
/// can be had both ways by choosing its columns, so it does not stand in the way of a counterexample about other columns.
/// </summary>
internal sealed class BuiltInCondition : SqlVisitor
{
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "lower", "upper", "trim", "btrim", "ltrim", "rtrim", "length", "char_length", "now", "date_trunc", "to_tsvector", "to_tsquery", "plainto_tsquery",
        "websearch_to_tsquery", "abs", "round", "date", "extract", "substring", "left", "right", "replace", "concat", "jsonb_array_length", "cardinality", "array_length",
    };

    private readonly IColumnScope _scope;
    private readonly List<string> _columns = [];
    private bool _isBuiltIn = true;

    private BuiltInCondition(IColumnScope scope) => _scope = scope;

    /// <summary>The columns that decide the condition; null where it is of another kind, or no column decides it.</summary>
    public static IReadOnlyList<string>? Columns(Expression condition, IColumnScope scope)
    {
        if (condition is not (OperatorExpression { Left: not null } or PatternMatch or BetweenExpression))
            return null;
        var search = new BuiltInCondition(scope);
        search.Visit(condition);
        return search._isBuiltIn && search._columns.Count > 0 ? search._columns : null;
    }

    public override void VisitColumnReference(ColumnReference node)
    {
        var term = _scope.Resolve(node);
        _isBuiltIn &= term.Kind == TermKind.Column;
        _columns.Add(term.Key);
    }

    public override void VisitFunctionCall(FunctionCall node)
    {
        _isBuiltIn &= node.Name.Qualifier.IsEmpty && Functions.Contains(node.Name.Name.Text);
        base.VisitFunctionCall(node);
    }

    public override void VisitScalarSubquery(ScalarSubquery node) => _isBuiltIn = false;

    public override void VisitExistsSubquery(ExistsSubquery node) => _isBuiltIn = false;

    public override void VisitInSubquery(InSubquery node) => _isBuiltIn = false;

    public override void VisitArraySubquery(ArraySubquery node) => _isBuiltIn = false;

    public override void VisitCaseExpression(CaseExpression node) => _isBuiltIn = false;
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>What a tenancy column may be bound to in a statement: its parameters and session terms, and literals that are compared with the column itself.</summary>
internal sealed class ComparedValues : SqlVisitor
{
    private readonly List<Expression> _values = [];
    private readonly List<Expression> _arrays = [];

    private readonly string _column;

    private ComparedValues(string column) => _column = column;

    public static IReadOnlyList<Expression> In(SqlNode owner, string column)
    {
        var values = new ComparedValues(column);
        values.Visit(owner);
        return values._values;
    }

    /// <summary>Arrays that the column is compared with, `= ANY (@ids)`.</summary>
    public static IReadOnlyList<Expression> ArraysFor(SqlNode owner, string column)
    {
        var values = new ComparedValues(column);
        values.Visit(owner);
        return values._arrays;
    }

    public override void VisitQuantifiedComparison(QuantifiedComparison node)
    {
        if (node is { Quantifier: Quantifier.Any, Array: { } array } && node.Operator.Name == "=" && IsColumn(node.Operand) && (array is ParameterReference or CastExpression { Operand: ParameterReference } || SessionTerms.IsSessionExpression(array)))
            _arrays.Add(array);
        base.VisitQuantifiedComparison(node);
    }

    public override void VisitParameterReference(ParameterReference node) => _values.Add(node);

    public override void VisitOperatorExpression(OperatorExpression node)
    {
        if (IsColumn(node.Left))
            AddLiteral(node.Right);
        else if (IsColumn(node.Right))
            AddLiteral(node.Left);
        base.VisitOperatorExpression(node);
    }

    public override void VisitInList(InList node)
    {
        if (IsColumn(node.Operand))
        {
            foreach (var item in node.Items)
                AddLiteral(item);
        }
        base.VisitInList(node);
    }

    public override void VisitFunctionCall(FunctionCall node)
    {
        if (SessionTerms.IsSessionExpression(node))
            _values.Add(node);
        else
            base.VisitFunctionCall(node);
    }

    public override void VisitCastExpression(CastExpression node)
    {
        // `@id::uuid` and `current_setting('x')::uuid` are values themselves.
        if (node.Operand is ParameterReference || SessionTerms.IsSessionExpression(node))
            _values.Add(node);
        base.VisitCastExpression(node);
    }

    public override void VisitScalarSubquery(ScalarSubquery node)
    {
        if (SessionTerms.IsSessionExpression(node))
            _values.Add(node);
        else
            base.VisitScalarSubquery(node);
    }

    private bool IsColumn(Expression? expression) => expression is ColumnReference column && column.Name.Name == _column;

    private void AddLiteral(Expression? expression)
    {
        if (expression is Literal { Kind: not (LiteralKind.Null or LiteralKind.True or LiteralKind.False) } or CastExpression { Operand: Literal })
            _values.Add(expression);
    }
}

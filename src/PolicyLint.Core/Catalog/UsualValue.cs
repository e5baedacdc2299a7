using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>A value that a column of no interest may have: its default, or one that its check constraints name.</summary>
public sealed class UsualValue : SqlVisitor
{
    private readonly string _column;
    private string? _value;

    private UsualValue(string column) => _column = column;

    /// <summary>Its text, without quotes; null where nothing suggests one.</summary>
    public static string? Of(Table table, Column column)
    {
        if (LiteralIn(column.Default?.Tree) is { } usual && !IsKey(table, column.Name))
            return usual;
        var search = new UsualValue(column.Name);
        foreach (var constraint in table.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.Check, Condition: { } condition })
                search.Visit(condition.Tree);
        }
        return search._value;
    }

    public override void VisitInList(InList node)
    {
        if (!node.IsNegated && IsColumn(node.Operand))
            _value ??= LiteralIn(node.Items[0]);
        base.VisitInList(node);
    }

    public override void VisitQuantifiedComparison(QuantifiedComparison node)
    {
        var array = node.Array is CastExpression cast ? cast.Operand : node.Array;
        if (node.Quantifier == Quantifier.Any && IsColumn(node.Operand) && array is ArrayConstructor { Items.Length: > 0 } list)
            _value ??= LiteralIn(list.Items[0]);
        base.VisitQuantifiedComparison(node);
    }

    public override void VisitBetweenExpression(BetweenExpression node)
    {
        if (!node.IsNegated && IsColumn(node.Operand))
            _value ??= LiteralIn(node.Lower);
        base.VisitBetweenExpression(node);
    }

    public override void VisitOperatorExpression(OperatorExpression node)
    {
        if (node.Left is { } left && node.Operator.Name.Text is ">=" or "<=" or "=" && IsColumn(left))
            _value ??= LiteralIn(node.Right);
        base.VisitOperatorExpression(node);
    }

    private bool IsColumn(Expression expression) => expression switch
    {
        CastExpression cast => IsColumn(cast.Operand),
        ColumnReference column => column.Name.Name == _column,
        _ => false,
    };

    private static string? LiteralIn(Expression? expression) => expression switch
    {
        CastExpression cast => LiteralIn(cast.Operand),
        Literal { Kind: not LiteralKind.Null } literal => literal.GetText(),
        _ => null,
    };

    private static bool IsKey(Table table, string column)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique && constraint.Columns.Count == 1 && constraint.Columns[0] == column)
                return true;
        }
        return false;
    }
}

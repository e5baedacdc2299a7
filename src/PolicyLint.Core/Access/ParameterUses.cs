using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>The tables of a statement, and the columns that its parameters are compared with: a parameter has one type.</summary>
internal sealed class ParameterUses : SqlVisitor
{
    private readonly ICatalog _catalog;
    private readonly List<Relation> _relations = [];
    private readonly List<Table> _tables = [];
    private readonly List<(ParameterReference Parameter, string Column)> _uses = [];
    private readonly List<ParameterReference> _conditions = [];

    public ParameterUses(ICatalog catalog, SqlNode statement)
    {
        _catalog = catalog;
        Visit(statement);
    }

    public IReadOnlyList<Table> Tables => _tables;

    /// <summary>False where the value is a parameter that is a condition, or compared with columns of other types only.</summary>
    public bool Fit(Expression value, Column column)
    {
        if (value is not ParameterReference parameter)
            return true;
        var wanted = TypeFamily.Of(column.Type);
        var isUsed = wanted != TypeFamily.Boolean && _conditions.Exists(used => IsSame(used, parameter));
        foreach (var (used, name) in _uses)
        {
            if (!IsSame(used, parameter))
                continue;
            foreach (var relation in _relations)
            {
                if (relation.FindColumn(name) is not { } compared)
                    continue;
                if (TypeFamily.AreComparable(wanted, TypeFamily.Of(compared.Type)))
                    return true;
                isUsed = true;
            }
        }
        return !isUsed;
    }

    private static bool IsSame(ParameterReference left, ParameterReference right) => left.Name == right.Name && left.Number == right.Number;

    public override void VisitNamedTable(NamedTable node)
    {
        if (_catalog.FindRelation(node.Name) is { } relation && !_relations.Contains(relation))
        {
            _relations.Add(relation);
            if (relation is Table table)
                _tables.Add(table);
        }
        base.VisitNamedTable(node);
    }

    public override void VisitSelectQuery(SelectQuery node)
    {
        UseAsCondition(node.Where);
        base.VisitSelectQuery(node);
    }

    public override void VisitLogicalExpression(LogicalExpression node)
    {
        foreach (var operand in node.Operands)
            UseAsCondition(operand);
        base.VisitLogicalExpression(node);
    }

    public override void VisitNotExpression(NotExpression node)
    {
        UseAsCondition(node.Operand);
        base.VisitNotExpression(node);
    }

    public override void VisitOperatorExpression(OperatorExpression node)
    {
        if (node is { IsOperatorSyntax: false, Left: { } left } && node.Operator.Name.Text is "=" or "<>" or "!=" or "<" or ">" or "<=" or ">=")
        {
            Use(left, node.Right);
            Use(node.Right, left);
        }
        base.VisitOperatorExpression(node);
    }

    public override void VisitInList(InList node)
    {
        foreach (var item in node.Items)
            Use(node.Operand, item);
        base.VisitInList(node);
    }

    private void UseAsCondition(Expression? condition)
    {
        if (condition is ParameterReference parameter)
            _conditions.Add(parameter);
    }

    private void Use(Expression column, Expression value)
    {
        if (column is ColumnReference { IsStar: false } reference && value is ParameterReference parameter)
            _uses.Add((parameter, reference.Name.Name.Text));
    }
}

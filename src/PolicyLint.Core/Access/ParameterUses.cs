using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>The tables of a statement, and the columns that its parameters are compared with: a parameter has one type.</summary>
internal sealed class ParameterUses : SqlVisitor
{
    private readonly ICatalog _catalog;
    private readonly List<Table> _tables = [];
    private readonly List<(ParameterReference Parameter, string Column)> _uses = [];

    public ParameterUses(ICatalog catalog, SqlNode statement)
    {
        _catalog = catalog;
        Visit(statement);
    }

    public IReadOnlyList<Table> Tables => _tables;

    /// <summary>False where the value is a parameter that is compared with columns of other types only.</summary>
    public bool Fit(Expression value, Column column)
    {
        if (value is not ParameterReference parameter)
            return true;
        var wanted = TypeFamily.Of(column.Type);
        var isUsed = false;
        foreach (var (used, name) in _uses)
        {
            if (used.Name != parameter.Name || used.Number != parameter.Number)
                continue;
            foreach (var table in _tables)
            {
                if (table.FindColumn(name) is not { } compared)
                    continue;
                if (TypeFamily.AreComparable(wanted, TypeFamily.Of(compared.Type)))
                    return true;
                isUsed = true;
            }
        }
        return !isUsed;
    }

    public override void VisitNamedTable(NamedTable node)
    {
        if (_catalog.FindTable(node.Name) is { } table && !_tables.Contains(table))
            _tables.Add(table);
        base.VisitNamedTable(node);
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

    private void Use(Expression column, Expression value)
    {
        if (column is ColumnReference { IsStar: false } reference && value is ParameterReference parameter)
            _uses.Add((parameter, reference.Name.Name.Text));
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>
/// What makes a row of a relation the session's own in a statement: its tenancy column equals a value of the session, or the key of a row of
/// another table of the statement whose own tenancy column does (a membership).
/// </summary>
internal sealed class TenancyGoals(ICatalog catalog, Tenancy tenancy, QueryBlock block, BlockRelation relation)
{
    private const int Most = 32;
    private const string MemberAlias = "member of the tenant";

    public IReadOnlyList<Expression> Of(TenantKey key, IReadOnlyList<Expression> values)
    {
        var own = Column(relation.Alias, key.Column.Name);
        var goals = new List<Expression>();
        var uses = new ParameterUses(catalog, block.Root.Owner);
        foreach (var value in values)
        {
            if (uses.Fit(value, key.Column))
                goals.Add(Equal(own, value));
        }
        foreach (var array in ComparedValues.ArraysFor(block.Root.Owner, key.Column.Name))
            goals.Add(new QuantifiedComparison { Operand = own, Operator = new(new Name("=")), Quantifier = Quantifier.Any, Array = array });
        foreach (var table in uses.Tables)
        {
            foreach (var memberKey in tenancy.KeysOf(table))
            {
                foreach (var link in Links(key.Column.Name, table))
                {
                    if (link == memberKey.Column.Name)
                        continue;
                    foreach (var value in block.ValuesFor(memberKey.Column.Name))
                    {
                        if (goals.Count < Most && uses.Fit(value, memberKey.Column))
                            goals.Add(Membership(table, own, link, memberKey.Column.Name, value));
                    }
                }
            }
        }
        return goals;
    }

    // Columns of a table that name the same tenant: of the same name, or the key that the tenancy column refers to.
    private List<string> Links(string column, Table table)
    {
        var links = new List<string>();
        if (table.FindColumn(column) is not null)
            links.Add(column);
        foreach (var constraint in relation.Table!.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.ForeignKey, Columns.Count: 1, ReferencedColumns.Count: 1 } && constraint.Columns[0] == column
                && constraint.ReferencedTable == table.Id && !links.Contains(constraint.ReferencedColumns[0]))
                links.Add(constraint.ReferencedColumns[0]);
        }
        return links;
    }

    private static ExistsSubquery Membership(Table table, ColumnReference own, string link, string key, Expression value) => new()
    {
        Query = new SelectQuery
        {
            From = [new NamedTable { Name = new(new Name(table.Id.Name), new Name(table.Id.Schema)), Alias = new TableAlias { Name = new Name(MemberAlias) } }],
            Where = QueryBlock.Conjunction([Equal(Column(MemberAlias, link), own), Equal(Column(MemberAlias, key), value)]),
        },
    };

    private static ColumnReference Column(string alias, string name) => new() { Name = new(new Name(name), new Name(alias)) };

    private static OperatorExpression Equal(Expression left, Expression right) => new() { Operator = new(new Name("=")), Left = left, Right = right };
}

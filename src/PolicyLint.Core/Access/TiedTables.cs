using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Whether the rows of a subquery depend on the row that is judged: by a foreign key, or because it is the same table.</summary>
internal sealed class TiedTables : SqlVisitor
{
    private readonly ICatalog _catalog;
    private readonly IReadOnlyList<Table> _tables;
    private bool _found;

    private TiedTables(ICatalog catalog, IReadOnlyList<Table> tables)
    {
        _catalog = catalog;
        _tables = tables;
    }

    public static bool May(ICatalog catalog, IReadOnlyList<Table> tables, QueryStatement query)
    {
        var search = new TiedTables(catalog, tables);
        search.Visit(query);
        return search._found;
    }

    public override void VisitNamedTable(NamedTable node)
    {
        var read = _catalog.FindRelation(node.Name);
        if (read is View)
            _found = true;
        foreach (var table in _tables)
        {
            _found |= read?.Id == table.Id || (read is null && node.Name.Name == table.Id.Name);
            foreach (var constraint in table.Constraints)
            {
                if (constraint.Kind == ConstraintKind.ForeignKey && constraint.ReferencedTable is { } referenced && (referenced == read?.Id || (read is null && node.Name.Name == referenced.Name)))
                    _found = true;
            }
        }
        base.VisitNamedTable(node);
    }
}

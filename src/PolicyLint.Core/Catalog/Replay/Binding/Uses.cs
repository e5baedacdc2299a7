using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>What an expression or query depends on, as pg_depend would say.</summary>
internal sealed class Uses(ICatalog catalog) : QueryBinder(catalog)
{
    public HashSet<QualifiedId> Relations => field ??= [];

    public HashSet<(QualifiedId Relation, string Column)> Columns => field ??= [];

    public HashSet<QualifiedId> Functions => field ??= [];

    public HashSet<QualifiedId> Types => field ??= [];

    public static Uses Of(ICatalog catalog, Relation over, params Expression?[] expressions)
    {
        var uses = new Uses(catalog);
        foreach (var expression in expressions)
            uses.BindOver(over, expression);
        return uses;
    }

    public static Uses Of(ICatalog catalog, QueryStatement query)
    {
        var uses = new Uses(catalog);
        uses.Bind(query);
        return uses;
    }

    protected override void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column)
    {
        if (column.Relation is { } relation && column.Column is { } name)
            Columns.Add((relation, name));
    }

    protected override void OnStar(ColumnReference node, IReadOnlyList<(string Alias, OutputColumn Column)> columns, bool isKnown)
    {
        foreach (var (_, column) in columns)
        {
            if (column.Relation is { } relation && column.Column is { } name)
                Columns.Add((relation, name));
        }
    }

    protected override void OnRelation(NamedTable node, Relation? relation)
    {
        if (relation is not null)
            Relations.Add(relation.Id);
    }

    protected override void OnFunction(FunctionCall node)
    {
        if (Catalog.FindFunctions(node.Name) is { Count: > 0 } overloads)
            Functions.Add(overloads[0].Id);
    }

    protected override void OnType(TypeName node)
    {
        if (node.IsSystemName)
            return;
        if (node.Name.Schema is { } schema)
        {
            Types.Add(new(schema, node.Name.Name.Text));
            return;
        }
        foreach (var searched in Catalog.SearchPath)
        {
            var id = new QualifiedId(searched, node.Name.Name.Text);
            if (!Catalog.Types.ContainsKey(id))
                continue;
            Types.Add(id);
            return;
        }
    }
}

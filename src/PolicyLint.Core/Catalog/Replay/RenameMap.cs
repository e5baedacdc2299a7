using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>What is called otherwise from now on.</summary>
internal sealed class RenameMap
{
    public Dictionary<QualifiedId, QualifiedId> Relations { get; } = [];

    public Dictionary<QualifiedId, QualifiedId> Functions { get; } = [];

    public Dictionary<QualifiedId, QualifiedId> Types { get; } = [];

    /// <summary>Columns of relations under their old names, and the new names.</summary>
    public Dictionary<(QualifiedId Relation, string Column), string> Columns { get; } = [];

    public QualifiedId Relation(QualifiedId id) => Relations.TryGetValue(id, out var renamed) ? renamed : id;

    public QualifiedId? RelationIfAny(QualifiedId? id) => id is null ? null : Relation(id);

    public QualifiedId Function(QualifiedId id) => Functions.TryGetValue(id, out var renamed) ? renamed : id;

    public string Column(QualifiedId relation, string column) => Columns.TryGetValue((relation, column), out var renamed) ? renamed : column;

    public IReadOnlyList<string> ColumnNames(QualifiedId relation, IReadOnlyList<string> columns)
    {
        string[]? changed = null;
        for (var i = 0; i < columns.Count; i++)
        {
            var renamed = Column(relation, columns[i]);
            if (renamed == columns[i])
                continue;
            changed ??= [.. columns];
            changed[i] = renamed;
        }
        return changed ?? columns;
    }

    /// <summary>Whether what an expression uses is among it.</summary>
    public bool Touches(Uses uses)
    {
        foreach (var id in uses.Relations)
        {
            if (Relations.ContainsKey(id))
                return true;
        }
        foreach (var (relation, column) in uses.Columns)
        {
            if (Relations.ContainsKey(relation) || Columns.ContainsKey((relation, column)))
                return true;
        }
        foreach (var id in uses.Functions)
        {
            if (Functions.ContainsKey(id))
                return true;
        }
        foreach (var id in uses.Types)
        {
            if (Types.ContainsKey(id))
                return true;
        }
        return false;
    }
}

/// <summary>Rewrites the names in stored expressions and queries, which PostgreSQL keeps by number and not by name.</summary>
internal sealed class NameRewriting(CatalogState state, RenameMap map)
{
    public Expression Rewrite(Relation over, Expression expression)
    {
        var finder = new Finder(state, map);
        finder.BindOver(over, expression);
        return new Rewriter(finder).Rewrite(expression);
    }

    public QueryStatement Rewrite(QueryStatement query)
    {
        var finder = new Finder(state, map);
        finder.Bind(query);
        return new Rewriter(finder).Rewrite(query);
    }

    private sealed class Finder(CatalogState state, RenameMap map) : QueryBinder(state)
    {
        public Dictionary<SqlNode, ObjectName> Names { get; } = [];

        protected override void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column)
        {
            var name = node.Name.Name.Text;
            if (entry.Relation is { } relation && column.Column == name)
                name = map.Column(relation, name);
            var qualifier = node.Name.Qualifier;
            var outer = node.Name.Outer.Count == 0 ? null : node.Name.Outer.ToArray();
            if (!qualifier.IsEmpty && !entry.IsAliased && entry.Relation is { } owner && map.Relations.TryGetValue(owner, out var renamed))
            {
                qualifier = new Name(renamed.Name, qualifier.Start);
                if (outer is not null)
                    outer[outer.Length - 1] = new Name(renamed.Schema, outer[outer.Length - 1].Start);
            }
            if (name != node.Name.Name.Text || qualifier != node.Name.Qualifier)
                Names[node] = new ObjectName(new Name(name, node.Name.Name.Start), qualifier, outer);
        }

        protected override void OnRelation(NamedTable node, Relation? relation)
        {
            if (relation is not null && map.Relations.TryGetValue(relation.Id, out var renamed))
                Names[node] = Renamed(node.Name, relation.Id, renamed);
        }

        protected override void OnFunction(FunctionCall node)
        {
            if (state.FindFunctions(node.Name) is { Count: > 0 } overloads && map.Functions.TryGetValue(overloads[0].Id, out var renamed))
                Names[node] = Renamed(node.Name, overloads[0].Id, renamed);
        }

        protected override void OnType(TypeName node)
        {
            if (!node.IsSystemName && new TypeNames(state).Find(node.Name) is { } type && map.Types.TryGetValue(type.Id, out var renamed))
                Names[node] = Renamed(node.Name, type.Id, renamed);
        }

        private ObjectName Renamed(ObjectName written, QualifiedId before, QualifiedId after)
        {
            var name = new Name(after.Name, written.Name.Start);
            var isVisible = before.Schema == after.Schema || Lists.Has(state.DefaultPath, after.Schema);
            return written.Qualifier.IsEmpty && isVisible ? new ObjectName(name) : new ObjectName(name, new Name(after.Schema, written.Name.Start));
        }
    }

    private sealed class Rewriter(Finder finder) : SqlRewriter
    {
        public override T Rewrite<T>(T node)
        {
            var rewritten = base.Rewrite(node);

            // The output keeps its name where the column that gave it is renamed.
            if (node is SelectItem { Alias.IsEmpty: true, Value: ColumnReference { IsStar: false } before }
                && rewritten is SelectItem { Value: ColumnReference after } item && before.Name.Name != after.Name.Name)
                return (T)(SqlNode)new SelectItem { Start = item.Start, End = item.End, Value = after, Alias = before.Name.Name };
            return rewritten;
        }

        public override ObjectName RewriteObjectName(SqlNode owner, ObjectName name) =>
            finder.Names.TryGetValue(owner, out var renamed) ? renamed : name;
    }
}

using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>
/// PostgreSQL stores what names meant when a policy or view was made. Where a later reader with the usual search path would take a name for
/// something else, it is stored qualified; `*` in a view's select list is stored as the columns that it meant.
/// </summary>
internal static class StoredNames
{
    public static QueryStatement Of(ReplayContext context, QueryStatement query)
    {
        var finder = new Finder(context.State);
        finder.Bind(query);
        return finder.HasNoWork ? query : new Rewriter(finder).Rewrite(query);
    }

    public static Expression Of(ReplayContext context, Relation over, Expression expression)
    {
        if (Lists.AreEqual(context.State.SearchPath, context.State.DefaultPath))
            return expression;
        var finder = new Finder(context.State);
        finder.BindOver(over, expression);
        return finder.HasNoNames ? expression : new Rewriter(finder).Rewrite(expression);
    }

    private sealed class Finder(CatalogState state) : QueryBinder(state)
    {
        public Dictionary<SqlNode, ObjectName> Names { get; } = [];

        public Dictionary<ColumnReference, IReadOnlyList<(string Alias, OutputColumn Column)>> Stars { get; } = [];

        public bool HasNoNames => Names.Count == 0;

        public bool HasNoWork => Names.Count == 0 && Stars.Count == 0;

        protected override void OnRelation(NamedTable node, Relation? relation)
        {
            if (relation is not null)
                Qualify(node, node.Name, relation.Id, state.Relations.ContainsKey);
        }

        protected override void OnFunction(FunctionCall node)
        {
            if (state.FindFunctions(node.Name) is { Count: > 0 } overloads)
                Qualify(node, node.Name, overloads[0].Id, state.Functions.ContainsKey);
        }

        protected override void OnType(TypeName node)
        {
            if (new TypeNames(state).Find(node.Name) is { } type)
                Qualify(node, node.Name, type.Id, state.Types.ContainsKey);
        }

        protected override void OnStar(ColumnReference node, IReadOnlyList<(string Alias, OutputColumn Column)> columns, bool isKnown)
        {
            if (!isKnown || columns.Count == 0)
                return;
            foreach (var (alias, _) in columns)
            {
                if (alias.Length == 0)
                    return;
            }
            Stars[node] = columns;
        }

        private void Qualify(SqlNode node, ObjectName name, QualifiedId meant, Func<QualifiedId, bool> exists)
        {
            if (!name.Qualifier.IsEmpty)
                return;
            foreach (var schema in state.DefaultPath)
            {
                var id = new QualifiedId(schema, name.Name.Text);
                if (id == meant)
                    return;
                if (exists(id))
                    break;
            }
            Names[node] = new ObjectName(name.Name, new Name(meant.Schema, name.Name.Start));
        }
    }

    private sealed class Rewriter(Finder finder) : SqlRewriter
    {
        public override ObjectName RewriteObjectName(SqlNode owner, ObjectName name) =>
            finder.Names.TryGetValue(owner, out var qualified) ? qualified : name;

        public override T[] RewriteAll<T>(T[] nodes)
        {
            var rewritten = base.RewriteAll(nodes);
            if (finder.Stars.Count == 0 || rewritten is not SelectItem[] items)
                return rewritten;
            List<SelectItem>? expanded = null;
            for (var i = 0; i < items.Length; i++)
            {
                if (items[i].Value is not ColumnReference { IsStar: true } star || !finder.Stars.TryGetValue(star, out var columns))
                {
                    expanded?.Add(items[i]);
                    continue;
                }
                expanded ??= [.. items.Take(i)];
                foreach (var (alias, column) in columns)
                    expanded.Add(Item(star, alias, column.Name));
            }
            return expanded is null ? rewritten : (T[])(object)expanded.ToArray();
        }

        private static SelectItem Item(ColumnReference star, string alias, string column) => new()
        {
            Start = star.Start,
            End = star.End,
            Value = new ColumnReference
            {
                Start = star.Start,
                End = star.End,
                Name = new ObjectName(new Name(column, star.Start), new Name(alias, star.Start)),
            },
        };
    }
}

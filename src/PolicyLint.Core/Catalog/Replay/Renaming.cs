using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Carries new names of relations, columns, functions and types into everything that refers to them.</summary>
internal sealed class Renaming(ReplayContext context)
{
    /// <summary>Renames; the objects themselves are put under their new names, too.</summary>
    public void Apply(RenameMap map)
    {
        var rewriting = new NameRewriting(context.State, map);
        var types = TypeTexts(map);
        var changed = new List<(Relation Before, Relation After)>();
        foreach (var relation in context.State.Relations.Values)
        {
            var after = Renamed(relation, map, types, rewriting);
            if (!ReferenceEquals(after, relation))
                changed.Add((relation, after));
        }
        var functions = RenamedFunctions(map, types);
        context.Dependents.Forget();

        // Old names first, so that two may swap.
        foreach (var (before, after) in changed)
        {
            if (before.Id != after.Id)
            {
                context.State.Replace(before, null);
                context.State.MarkDropped(before.Id, context.Here);
            }
        }
        foreach (var (before, after) in changed)
            context.State.Replace(before.Id == after.Id ? before : null, after);
        foreach (var (before, after) in functions)
        {
            var overloads = context.State.Functions[before.Id];
            if (before.Id == after.Id)
            {
                context.State.SetFunctions(before.Id, Lists.Replace(overloads, before, after));
                continue;
            }
            context.State.SetFunctions(before.Id, Lists.Replace(overloads, before, null));
            context.State.SetFunctions(after.Id, Lists.With(context.State.Functions.TryGetValue(after.Id, out var others) ? others : [], after));
            context.State.MarkDropped(before.Id, context.Here);
        }
        foreach (var pair in map.Types)
        {
            if (!context.State.Types.TryGetValue(pair.Key, out var type))
                continue;
            context.State.RemoveType(pair.Key);
            context.State.SetType(type with { Id = pair.Value });
        }
    }

    private static Dictionary<string, string> TypeTexts(RenameMap map)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in map.Types)
            AddTexts(texts, pair.Key, pair.Value);
        foreach (var pair in map.Relations)
            AddTexts(texts, pair.Key, pair.Value);
        return texts;
    }

    private static void AddTexts(Dictionary<string, string> texts, QualifiedId before, QualifiedId after)
    {
        var old = TypeNames.Display(before);
        var renamed = TypeNames.Display(after);
        texts[old] = renamed;
        texts[old + "[]"] = renamed + "[]";
        texts["setof " + old] = "setof " + renamed;
    }

    private static string Text(Dictionary<string, string> texts, string type) => texts.TryGetValue(type, out var renamed) ? renamed : type;

    private Relation Renamed(Relation relation, RenameMap map, Dictionary<string, string> types, NameRewriting rewriting)
    {
        var columns = Lists.Map(relation.Columns, column => RenamedColumn(relation, column, map, types, rewriting));
        var id = map.Relation(relation.Id);
        switch (relation)
        {
            case View view:
                var query = view.Query is { } stored && map.Touches(context.Dependents.UsesOf(stored)) ? Rewritten(stored, rewriting) : view.Query;
                var indexes = Lists.Map(view.Indexes, index => RenamedIndex(null, view.Id, index, map, rewriting));
                return ReferenceEquals(query, view.Query) && ReferenceEquals(columns, view.Columns) && ReferenceEquals(indexes, view.Indexes) && id == view.Id
                    ? view
                    : view with { Id = id, Columns = columns, Query = query, Indexes = indexes };
            case Sequence sequence:
                var owner = map.RelationIfAny(sequence.OwnedByTable);
                var column = sequence is { OwnedByTable: { } table, OwnedByColumn: { } name } ? map.Column(table, name) : sequence.OwnedByColumn;
                return owner == sequence.OwnedByTable && column == sequence.OwnedByColumn && id == sequence.Id
                    ? sequence
                    : sequence with { Id = id, OwnedByTable = owner, OwnedByColumn = column };
            default:
                return RenamedTable((Table)relation, id, columns, map, rewriting);
        }
    }

    private Table RenamedTable(Table table, QualifiedId id, IReadOnlyList<Column> columns, RenameMap map, NameRewriting rewriting)
    {
        var constraints = Lists.Map(table.Constraints, constraint => RenamedConstraint(table, constraint, map, rewriting));
        var indexes = Lists.Map(table.Indexes, index => RenamedIndex(table, table.Id, index, map, rewriting));
        var policies = Lists.Map(table.Policies, policy => RenamedPolicy(table, policy, map, rewriting));
        var triggers = Lists.Map(table.Triggers, trigger => RenamedTrigger(table, trigger, map));
        var partitionOf = map.RelationIfAny(table.PartitionOf);
        var inherits = table.Inherits;
        foreach (var parent in table.Inherits)
        {
            if (map.Relations.ContainsKey(parent))
                inherits = [.. table.Inherits.Select(map.Relation)];
        }
        var isSame = id == table.Id && ReferenceEquals(columns, table.Columns) && ReferenceEquals(constraints, table.Constraints)
            && ReferenceEquals(indexes, table.Indexes) && ReferenceEquals(policies, table.Policies) && ReferenceEquals(triggers, table.Triggers)
            && partitionOf == table.PartitionOf && ReferenceEquals(inherits, table.Inherits);
        return isSame
            ? table
            : table with
            {
                Id = id,
                Columns = columns,
                Constraints = constraints,
                Indexes = indexes,
                Policies = policies,
                Triggers = triggers,
                PartitionOf = partitionOf,
                Inherits = inherits,
            };
    }

    private Column RenamedColumn(Relation relation, Column column, RenameMap map, Dictionary<string, string> types, NameRewriting rewriting)
    {
        var name = map.Column(relation.Id, column.Name);
        var type = Text(types, column.Type);
        var value = RenamedDefault(relation, column.Default, map, rewriting);
        return name == column.Name && type == column.Type && ReferenceEquals(value, column.Default)
            ? column
            : column with { Name = name, Type = type, Default = value };
    }

    // nextval('s'::regclass) names a sequence by its number.
    private SqlFragment<Expression>? RenamedDefault(Relation relation, SqlFragment<Expression>? value, RenameMap map, NameRewriting rewriting)
    {
        if (value?.Tree is FunctionCall { Name.Name.Text: "nextval", Arguments: [CastExpression { Operand: Literal { Kind: LiteralKind.String } text }] })
        {
            foreach (var pair in map.Relations)
            {
                var written = text.GetText();
                if (written == TypeNames.Display(pair.Key) || written == pair.Key.ToString())
                    return ReplayContext.Made("nextval('" + TypeNames.Display(pair.Value).Replace("'", "''") + "'::regclass)");
            }
        }
        return Renamed(relation, value, map, rewriting);
    }

    private SqlFragment<Expression>? Renamed(Relation? over, SqlFragment<Expression>? expression, RenameMap map, NameRewriting rewriting)
    {
        if (expression is null || over is null || !map.Touches(context.Dependents.UsesOf(over, expression)))
            return expression;
        var rewritten = rewriting.Rewrite(over, expression.Tree);
        return ReferenceEquals(rewritten, expression.Tree) ? expression : new(rewritten, expression.Source);
    }

    private static SqlFragment<QueryStatement> Rewritten(SqlFragment<QueryStatement> query, NameRewriting rewriting)
    {
        var rewritten = rewriting.Rewrite(query.Tree);
        return ReferenceEquals(rewritten, query.Tree) ? query : new(rewritten, query.Source);
    }

    private TableConstraint RenamedConstraint(Table table, TableConstraint constraint, RenameMap map, NameRewriting rewriting)
    {
        var columns = map.ColumnNames(table.Id, constraint.Columns);
        var referenced = map.RelationIfAny(constraint.ReferencedTable);
        var referencedColumns = constraint.ReferencedTable is { } target ? map.ColumnNames(target, constraint.ReferencedColumns) : constraint.ReferencedColumns;
        var condition = Renamed(table, constraint.Condition, map, rewriting);
        return ReferenceEquals(columns, constraint.Columns) && referenced == constraint.ReferencedTable
            && ReferenceEquals(referencedColumns, constraint.ReferencedColumns) && ReferenceEquals(condition, constraint.Condition)
            ? constraint
            : constraint with { Columns = columns, ReferencedTable = referenced, ReferencedColumns = referencedColumns, Condition = condition };
    }

    private TableIndex RenamedIndex(Table? table, QualifiedId owner, TableIndex index, RenameMap map, NameRewriting rewriting)
    {
        var keys = Lists.Map(index.Keys, key =>
        {
            var column = key.Column is null ? null : map.Column(owner, key.Column);
            var expression = Renamed(table, key.Expression, map, rewriting);
            return column == key.Column && ReferenceEquals(expression, key.Expression) ? key : new IndexKey(column, expression);
        });
        var include = map.ColumnNames(owner, index.Include);
        var predicate = Renamed(table, index.Predicate, map, rewriting);
        return ReferenceEquals(keys, index.Keys) && ReferenceEquals(include, index.Include) && ReferenceEquals(predicate, index.Predicate)
            ? index
            : index with { Keys = keys, Include = include, Predicate = predicate };
    }

    private Policy RenamedPolicy(Table table, Policy policy, RenameMap map, NameRewriting rewriting)
    {
        var condition = Renamed(table, policy.Using, map, rewriting);
        var check = Renamed(table, policy.WithCheck, map, rewriting);
        return ReferenceEquals(condition, policy.Using) && ReferenceEquals(check, policy.WithCheck) ? policy : policy with { Using = condition, WithCheck = check };
    }

    private static Trigger RenamedTrigger(Table table, Trigger trigger, RenameMap map)
    {
        var columns = map.ColumnNames(table.Id, trigger.UpdateColumns);
        var function = map.Function(trigger.Function);
        return ReferenceEquals(columns, trigger.UpdateColumns) && function == trigger.Function ? trigger : trigger with { UpdateColumns = columns, Function = function };
    }

    private List<(Function Before, Function After)> RenamedFunctions(RenameMap map, Dictionary<string, string> types)
    {
        var changed = new List<(Function, Function)>();
        foreach (var overloads in context.State.Functions.Values)
        {
            foreach (var function in overloads)
            {
                var parameters = Lists.Map(function.Parameters, p => types.TryGetValue(p.Type, out var type) ? p with { Type = type } : p);
                var returns = Text(types, function.Returns);
                var id = map.Function(function.Id);
                if (!ReferenceEquals(parameters, function.Parameters) || returns != function.Returns || id != function.Id)
                    changed.Add((function, function with { Id = id, Parameters = parameters, Returns = returns }));
            }
        }
        return changed;
    }
}

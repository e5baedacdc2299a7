using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>
/// DROP with RESTRICT and CASCADE: finds what depends on the dropped objects, refuses or takes it along (PostgreSQL manual, 5.15 Dependency Tracking).
/// </summary>
internal sealed class Dropping(ReplayContext context, Dependents dependents)
{
    /// <summary>Drops the items and, with CASCADE, what depends on them. Without it nothing is dropped where something else depends on them.</summary>
    public bool Drop(IReadOnlyList<DropItem> targets, DropBehavior behavior)
    {
        // What goes along without CASCADE, partitions for instance, takes its own parts with it.
        var closure = new List<DropItem>(targets);
        var seen = new HashSet<DropItem>(targets);
        var found = new List<List<(DropItem Item, bool IsAutomatic)>>();
        for (var i = 0; i < closure.Count; i++)
        {
            found.Add(DependentsOf(closure[i]));
            foreach (var (item, isAutomatic) in found[i])
            {
                if (isAutomatic && seen.Add(item))
                    closure.Add(item);
            }
        }
        var along = closure.ToArray();
        DropItem? blocker = null;
        for (var i = 0; i < closure.Count; i++)
        {
            foreach (var (item, isAutomatic) in i < found.Count ? found[i] : DependentsOf(closure[i]))
            {
                if (!seen.Add(item))
                    continue;
                closure.Add(item);
                if (!isAutomatic && !IsPartOfAny(item, along))
                    blocker ??= item;
            }
        }
        if (blocker is { } other && behavior != DropBehavior.Cascade)
        {
            context.Report($"cannot drop {targets[0]} because other objects depend on it: {other}", isError: !IsUncertain(targets[0], other));
            return false;
        }
        for (var i = closure.Count - 1; i >= 0; i--)
            Remove(closure[i], isByCascade: i >= targets.Count);
        return true;
    }

    public void DropColumn(Table table, DropColumn drop)
    {
        var name = drop.Column.Text;
        if (table.FindColumn(name) is null)
        {
            if (!drop.IfExists && table.AreColumnsKnown)
                context.Report($"column \"{name}\" of relation \"{table.Id.Name}\" does not exist", isError: table.Taints.Count == 0);

            // An assumed table may have had it, with all that hangs on it.
            if (table.AreColumnsKnown)
                return;
        }
        Drop([new(DropKind.Column, table.Id, name)], drop.Behavior);
    }

    public void DropConstraint(Table table, DropConstraint drop)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Name != drop.Constraint.Text)
                continue;
            Drop([new(DropKind.Constraint, table.Id, constraint.Name)], drop.Behavior);
            foreach (var child in TableParents.ChildrenOf(context.State, table.Id))
            {
                if (constraint.Kind is ConstraintKind.Check or ConstraintKind.ForeignKey)
                    DropConstraint(child, new DropConstraint { Constraint = drop.Constraint, IfExists = true, Behavior = drop.Behavior });
            }
            return;
        }
        if (!drop.IfExists && !IsNotNullConstraint(table, drop.Constraint.Text))
            context.Report($"constraint \"{drop.Constraint}\" of relation \"{table.Id.Name}\" does not exist", isError: table.AreColumnsKnown && table.Taints.Count == 0);
    }

    /// <summary>What keeps a column's type from being changed, in the words of PostgreSQL; null for nothing.</summary>
    public string? BlocksTypeChange(Table table, string column)
    {
        var found = new List<DropItem>();
        dependents.Find(uses => uses.Columns.Contains((table.Id, column)), found);
        foreach (var item in found)
        {
            if (item.Kind == DropKind.Policy)
                return "in a policy definition";
            if (item.Kind == DropKind.Relation)
                return "by a view or rule";
            if (item.Kind == DropKind.Column)
                return "by a generated column";
        }
        return null;
    }

    /// <summary>Sequences that go with a table, or with one of its columns.</summary>
    public IReadOnlyList<Sequence> OwnedSequences(QualifiedId table, string? column)
    {
        var owned = new List<Sequence>();
        foreach (var relation in context.State.Relations.Values)
        {
            if (relation is Sequence sequence && sequence.OwnedByTable == table && (column is null || sequence.OwnedByColumn == column))
                owned.Add(sequence);
        }
        return owned;
    }

    // A PostgreSQL 18 constraint or one of a live database: NOT NULL constraints have names there, which the catalog does not keep.
    private static bool IsNotNullConstraint(Table table, string name) =>
        name.EndsWith("_not_null", StringComparison.Ordinal) && name.StartsWith(table.Id.Name, StringComparison.Ordinal);

    private bool IsUncertain(DropItem target, DropItem other) =>
        IsTainted(target.Id) || IsTainted(other.Id);

    private bool IsTainted(QualifiedId id) => context.State.Relations.TryGetValue(id, out var relation) && relation.Taints.Count > 0;

    private static bool IsPartOfAny(DropItem item, IReadOnlyList<DropItem> targets)
    {
        if (item.Kind is DropKind.Relation or DropKind.Function or DropKind.Type)
            return false;
        foreach (var target in targets)
        {
            if (target.Kind == DropKind.Relation && target.Id == item.Id)
                return true;
        }
        return false;
    }

    private List<(DropItem Item, bool IsAutomatic)> DependentsOf(DropItem item)
    {
        var result = new List<(DropItem, bool)>();
        switch (item.Kind)
        {
            case DropKind.Relation:
                OfRelation(item.Id, result);
                break;
            case DropKind.Column:
                OfColumn(item.Id, item.Part, result);
                break;
            case DropKind.Constraint:
                OfConstraint(item.Id, item.Part, result);
                break;
            case DropKind.Function:
                OfFunction(item.Id, result);
                break;
            case DropKind.Type:
                OfType(item.Id, result);
                break;
            case DropKind.Schema:
                OfSchema(item.Id.Schema, result);
                break;
        }
        return result;
    }

    private void OfRelation(QualifiedId id, List<(DropItem, bool)> result)
    {
        foreach (var sequence in OwnedSequences(id, null))
            result.Add((DropItem.Of(sequence.Id), true));
        foreach (var child in TableParents.ChildrenOf(context.State, id))
            result.Add((DropItem.Of(child.Id), child.PartitionOf == id));
        AddKeysTo(id, null, result);
        AddUses(uses => uses.Relations.Contains(id), id, result);
        var isSequence = context.State.Relations.TryGetValue(id, out var relation) && relation is Sequence;
        if (isSequence)
            AddSequenceDefaults((Sequence)relation!, result);
        else
            AddTyped(TypeNames.Display(id), result);
    }

    // Only the text of the default says which sequence it reads: nextval('s'::regclass).
    private void AddSequenceDefaults(Sequence sequence, List<(DropItem, bool)> result)
    {
        var name = sequence.Id.Name;
        foreach (var relation in context.State.Relations.Values)
        {
            foreach (var column in relation.Columns)
            {
                if (column.Default?.Tree is FunctionCall { Name.Name.Text: "nextval", Arguments: [var argument] } && SequenceName(argument) is { } text
                    && (text == name || text.EndsWith("." + name, StringComparison.Ordinal) || text.EndsWith("\"" + name + "\"", StringComparison.Ordinal)))
                    result.Add((new(DropKind.Default, relation.Id, column.Name), false));
            }
        }
    }

    private static string? SequenceName(Expression argument)
    {
        while (argument is CastExpression cast)
            argument = cast.Operand;
        return argument is Literal { Kind: LiteralKind.String } text ? text.GetText() : null;
    }

    private void OfColumn(QualifiedId id, string column, List<(DropItem, bool)> result)
    {
        foreach (var sequence in OwnedSequences(id, column))
            result.Add((DropItem.Of(sequence.Id), true));
        if (context.State.Relations.TryGetValue(id, out var relation) && relation is Table table)
        {
            foreach (var constraint in table.Constraints)
            {
                if (Lists.Has(constraint.Columns, column))
                    result.Add((new(DropKind.Constraint, id, constraint.Name), true));
            }
            foreach (var index in table.Indexes)
            {
                if (index.Constraint is null && dependents.ReadsColumn(table, index, column))
                    result.Add((new(DropKind.Index, id, index.Name), true));
            }
            foreach (var trigger in table.Triggers)
            {
                if (Lists.Has(trigger.UpdateColumns, column))
                    result.Add((new(DropKind.Trigger, id, trigger.Name), false));
            }
        }
        foreach (var child in TableParents.ChildrenOf(context.State, id))
            result.Add((new(DropKind.Column, child.Id, column), true));
        AddKeysTo(id, [column], result);
        var found = new List<DropItem>();
        dependents.Find(uses => uses.Columns.Contains((id, column)), found);
        foreach (var item in found)
        {
            if (item.Kind != DropKind.Default)
                result.Add((item, item.Id == id && item.Kind is DropKind.Constraint or DropKind.Index));
        }
    }

    private void OfConstraint(QualifiedId id, string name, List<(DropItem, bool)> result)
    {
        if (!context.State.Relations.TryGetValue(id, out var relation) || relation is not Table table)
            return;
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Name == name && constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique)
                AddKeysTo(id, constraint.Columns, result, exactly: true);
        }
    }

    private void OfFunction(QualifiedId id, List<(DropItem, bool)> result)
    {
        // With overloads it is not known which one a call means.
        if (!context.State.Functions.TryGetValue(id, out var overloads) || overloads.Count > 1)
            return;
        AddUses(uses => uses.Functions.Contains(id), self: null, result);
        foreach (var relation in context.State.Relations.Values)
        {
            if (relation is not Table table)
                continue;
            foreach (var trigger in table.Triggers)
            {
                if (trigger.Function == id)
                    result.Add((new(DropKind.Trigger, table.Id, trigger.Name), false));
            }
        }
    }

    private void OfType(QualifiedId id, List<(DropItem, bool)> result)
    {
        AddUses(uses => uses.Types.Contains(id), self: null, result);
        AddTyped(TypeNames.Display(id), result);
    }

    private void OfSchema(string schema, List<(DropItem, bool)> result)
    {
        foreach (var relation in context.State.Relations.Values)
        {
            if (relation.Id.Schema == schema)
                result.Add((DropItem.Of(relation.Id), false));
        }
        foreach (var overloads in context.State.Functions.Values)
        {
            foreach (var function in overloads)
            {
                if (function.Id.Schema == schema)
                    result.Add((new(DropKind.Function, function.Id, FunctionStatements.Signature(function)), false));
            }
        }
        foreach (var type in context.State.Types.Keys)
        {
            if (type.Schema == schema)
                result.Add((new(DropKind.Type, type, ""), false));
        }
        result.Sort(static (a, b) => a.Item1.CompareTo(b.Item1));
    }

    private void AddUses(Func<Binding.Uses, bool> test, QualifiedId? self, List<(DropItem, bool)> result)
    {
        var found = new List<DropItem>();
        dependents.Find(test, found);
        foreach (var item in found)
        {
            if (item.Id != self || item.Kind == DropKind.Function)
                result.Add((item, false));
        }
    }

    // Foreign keys of other tables that point at the table, at the columns, or at exactly those of a key.
    private void AddKeysTo(QualifiedId id, IReadOnlyList<string>? columns, List<(DropItem, bool)> result, bool exactly = false)
    {
        foreach (var relation in context.State.Relations.Values)
        {
            if (relation is not Table table)
                continue;
            foreach (var constraint in table.Constraints)
            {
                if (constraint.ReferencedTable != id || (table.Id == id && columns is null))
                    continue;
                if (columns is null || (exactly ? Lists.AreEqual(constraint.ReferencedColumns, columns) : Lists.Has(constraint.ReferencedColumns, columns[0])))
                    result.Add((new(DropKind.Constraint, table.Id, constraint.Name), false));
            }
        }
    }

    private void AddTyped(string type, List<(DropItem, bool)> result)
    {
        foreach (var relation in context.State.Relations.Values)
        {
            if (relation is not Table)
                continue;
            foreach (var column in relation.Columns)
            {
                if (column.Type == type || column.Type == type + "[]")
                    result.Add((new(DropKind.Column, relation.Id, column.Name), false));
            }
        }
        foreach (var overloads in context.State.Functions.Values)
        {
            foreach (var function in overloads)
            {
                if (FunctionStatements.Mentions(function, type))
                    result.Add((new(DropKind.Function, function.Id, FunctionStatements.Signature(function)), false));
            }
        }
    }

    private void Remove(DropItem item, bool isByCascade)
    {
        if (item.Kind == DropKind.Function)
            RemoveFunction(item, isByCascade);
        else if (item.Kind == DropKind.Type)
            RemoveType(item.Id, isByCascade);
        else if (item.Kind == DropKind.Schema)
            RemoveSchema(item.Id.Schema, isByCascade);
        else if (context.State.Relations.TryGetValue(item.Id, out var relation))
            RemoveFrom(relation, item, isByCascade);
    }

    private void RemoveFrom(Relation relation, DropItem item, bool isByCascade)
    {
        if (item.Kind == DropKind.Relation)
        {
            context.Drop(relation, isByCascade);
            return;
        }
        if (item.Kind == DropKind.Column && relation.FindColumn(item.Part) is { } column)
        {
            context.Alter(
                relation, relation with { Columns = Lists.Replace(relation.Columns, column, null) }, ChangeKind.Dropped, ObjectKind.Column, item.Part, column, null, isByCascade);
            return;
        }
        if (item.Kind == DropKind.Default && relation.FindColumn(item.Part) is { } defaulted)
        {
            var after = defaulted with { Default = null };
            context.Alter(
                relation, relation with { Columns = Lists.Replace(relation.Columns, defaulted, after) }, ChangeKind.Altered, ObjectKind.Column, item.Part, defaulted, after,
                isByCascade);
            return;
        }
        if (relation is View view && item.Kind == DropKind.Index)
        {
            foreach (var index in view.Indexes)
            {
                if (index.Name == item.Part)
                    context.Alter(view, view with { Indexes = Lists.Replace(view.Indexes, index, null) }, ChangeKind.Dropped, ObjectKind.Index, item.Part, index, null, isByCascade);
            }
        }
        if (relation is Table table)
            RemovePart(table, item, isByCascade);
    }

    private void RemovePart(Table table, DropItem item, bool isByCascade)
    {
        switch (item.Kind)
        {
            case DropKind.Policy:
                foreach (var policy in table.Policies)
                {
                    if (policy.Name == item.Part)
                        context.Alter(table, table with { Policies = Lists.Replace(table.Policies, policy, null) }, ChangeKind.Dropped, ObjectKind.Policy, item.Part, policy, null, isByCascade);
                }
                break;
            case DropKind.Index:
                foreach (var index in table.Indexes)
                {
                    if (index.Name == item.Part)
                        context.Alter(table, table with { Indexes = Lists.Replace(table.Indexes, index, null) }, ChangeKind.Dropped, ObjectKind.Index, item.Part, index, null, isByCascade);
                }
                break;
            case DropKind.Trigger:
                foreach (var trigger in table.Triggers)
                {
                    if (trigger.Name == item.Part)
                        context.Alter(table, table with { Triggers = Lists.Replace(table.Triggers, trigger, null) }, ChangeKind.Dropped, ObjectKind.Trigger, item.Part, trigger, null, isByCascade);
                }
                break;
            case DropKind.Constraint:
                RemoveConstraint(table, item.Part, isByCascade);
                break;
        }
    }

    private void RemoveConstraint(Table table, string name, bool isByCascade)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Name != name)
                continue;
            var indexes = Lists.Map(table.Indexes, index => index.Constraint == name ? null : index);
            context.Alter(
                table, table with { Constraints = Lists.Replace(table.Constraints, constraint, null), Indexes = indexes }, ChangeKind.Dropped, ObjectKind.Constraint, name,
                constraint, null, isByCascade);
        }
    }

    private void RemoveFunction(DropItem item, bool isByCascade)
    {
        if (!context.State.Functions.TryGetValue(item.Id, out var overloads))
            return;
        foreach (var function in overloads)
        {
            if (FunctionStatements.Signature(function) != item.Part)
                continue;
            context.State.SetFunctions(item.Id, Lists.Replace(overloads, function, null));
            context.State.MarkDropped(item.Id, context.Here);
            context.Record(ChangeKind.Dropped, function.IsProcedure ? ObjectKind.Procedure : ObjectKind.Function, item.Id, "", function, null, isByCascade);
        }
    }

    private void RemoveType(QualifiedId id, bool isByCascade)
    {
        if (!context.State.Types.TryGetValue(id, out var type))
            return;
        context.State.RemoveType(id);
        context.Record(ChangeKind.Dropped, ObjectKind.Type, id, "", type, null, isByCascade);
    }

    private void RemoveSchema(string name, bool isByCascade)
    {
        if (!context.State.Schemas.TryGetValue(name, out var schema))
            return;
        context.State.RemoveSchema(name);
        context.State.MarkDropped(new(name, ""), context.Here);
        context.Record(ChangeKind.Dropped, ObjectKind.Schema, new(name, ""), "", schema, null, isByCascade);
    }
}

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>
/// What a table takes over from a parent or a partitioned table: columns, checks and, for partitions, keys and indexes.
/// Row-level security and policies are not among it.
/// </summary>
internal sealed class TableParents(ReplayContext context, ConstraintBuilder constraints)
{
    /// <summary>Columns, checks and foreign keys.</summary>
    public Table Inherit(Table table, Table parent, bool isPartition)
    {
        var columns = new List<Column>(table.Columns);
        foreach (var column in parent.Columns)
        {
            if (columns.Exists(c => c.Name == column.Name))
                continue;
            columns.Add(column with { Grants = [], CreatedAt = context.Here, IsIdentity = isPartition && column.IsIdentity });
        }
        var inherited = new List<TableConstraint>(table.Constraints);
        foreach (var constraint in parent.Constraints)
        {
            var isTaken = (constraint.Kind == ConstraintKind.Check && !constraint.IsNoInherit) || (isPartition && constraint.Kind == ConstraintKind.ForeignKey);
            if (isTaken && !inherited.Exists(c => c.Name == constraint.Name))
                inherited.Add(constraint with { CreatedAt = context.Here });
        }
        var triggers = isPartition ? WithRowTriggers(table.Triggers, parent.Triggers) : table.Triggers;
        return table with { Columns = columns, Constraints = inherited, Triggers = triggers, AreColumnsKnown = table.AreColumnsKnown && parent.AreColumnsKnown };
    }

    // Partitions get triggers FOR EACH ROW of their own (tablecmds.c, CloneRowTriggersToPartition).
    private static IReadOnlyList<Trigger> WithRowTriggers(IReadOnlyList<Trigger> own, IReadOnlyList<Trigger> parents)
    {
        var triggers = new List<Trigger>(own);
        foreach (var trigger in parents)
        {
            if (trigger.IsForEachRow && !triggers.Exists(t => t.Name == trigger.Name))
                triggers.Add(trigger);
        }
        return triggers.Count == own.Count ? own : triggers;
    }

    /// <summary>A table that is a partition no more: the triggers that came with that go.</summary>
    public static Table Detached(Table partition, Table parent) => partition with
    {
        PartitionOf = null,
        Triggers = Lists.Map(partition.Triggers, trigger => trigger.IsForEachRow && Has(parent.Triggers, trigger) ? null : trigger),
    };

    private static bool Has(IReadOnlyList<Trigger> triggers, Trigger trigger)
    {
        foreach (var candidate in triggers)
        {
            if (candidate.Name == trigger.Name && candidate.Function == trigger.Function)
                return true;
        }
        return false;
    }

    /// <summary>The partitions of a table and theirs, all the way down.</summary>
    public static IReadOnlyList<Table> PartitionsBelow(CatalogState state, QualifiedId parent)
    {
        var below = new List<Table>();
        Collect(parent);
        return below;

        void Collect(QualifiedId id)
        {
            foreach (var child in ChildrenOf(state, id))
            {
                if (child.PartitionOf != id)
                    continue;
                below.Add(child);
                Collect(child.Id);
            }
        }
    }

    /// <summary>Gives a partition the indexes and keys of its partitioned table, under names of its own.</summary>
    public void CloneIndexes(QualifiedId partition, Table parent)
    {
        foreach (var index in parent.Indexes)
        {
            if (context.State.Relations[partition] is Table table && !HasEqual(table, index))
                context.Alter(table, CopyIndex(table, parent, index));
        }
    }

    /// <summary>LIKE … INCLUDING INDEXES.</summary>
    public Table CopyIndexes(Table table, Table source)
    {
        foreach (var index in source.Indexes)
            table = CopyIndex(table, source, index);
        return table;
    }

    /// <summary>Adds a copy of an index, and of the constraint that it belongs to.</summary>
    public Table CopyIndex(Table table, Table source, TableIndex index)
    {
        var constraint = ConstraintOf(source, index);
        var names = new string[index.Keys.Count];
        for (var i = 0; i < names.Length; i++)
            names[i] = index.Keys[i].Column ?? Binding.OutputNames.OfIndexKey(index.Keys[i].Expression!.Tree);
        var isPrimary = constraint?.Kind == ConstraintKind.PrimaryKey;
        var label = constraint?.Kind switch
        {
            ConstraintKind.PrimaryKey => "pkey",
            ConstraintKind.Unique => "key",
            ConstraintKind.Exclusion => "excl",
            _ => "idx",
        };
        var name = constraints.FreeIndexName(table, isPrimary ? null : ObjectNames.Addition(names), label, constraint is not null);
        table = table with { Indexes = Lists.With(table.Indexes, index with { Name = name, Constraint = constraint is null ? null : name, CreatedAt = context.Here }) };
        if (constraint is null)
            return table;
        if (isPrimary)
        {
            foreach (var column in constraint.Columns)
                table = ConstraintBuilder.WithNotNull(table, column, context.Here);
        }
        return table with { Constraints = Lists.With(table.Constraints, constraint with { Name = name, CreatedAt = context.Here }) };
    }

    /// <summary>An index of the partition that serves for the parent's already (ATTACH PARTITION adopts it).</summary>
    private static bool HasEqual(Table table, TableIndex index)
    {
        foreach (var own in table.Indexes)
        {
            if (own.IsUnique != index.IsUnique || own.Keys.Count != index.Keys.Count || own.Method != index.Method
                || own.Predicate?.ToString() != index.Predicate?.ToString() || (own.Constraint is null && index.Constraint is not null))
                continue;
            var areEqual = true;
            for (var i = 0; i < own.Keys.Count; i++)
                areEqual &= own.Keys[i].Column == index.Keys[i].Column && own.Keys[i].Expression?.ToString() == index.Keys[i].Expression?.ToString();
            if (areEqual)
                return true;
        }
        return false;
    }

    private static TableConstraint? ConstraintOf(Table table, TableIndex index)
    {
        foreach (var constraint in table.Constraints)
        {
            if (index.Constraint is not null && constraint.Name == index.Constraint)
                return constraint;
        }
        return null;
    }

    /// <summary>A table is the other one, its child, a child's child and so on. Links never make a circle, so that every walk down ends.</summary>
    public static bool IsSameOrBelow(CatalogState state, Table table, QualifiedId other)
    {
        var seen = new HashSet<QualifiedId> { table.Id };
        var open = new Stack<Table>();
        open.Push(table);
        while (open.Count > 0)
        {
            var current = open.Pop();
            if (current.Id == other)
                return true;
            foreach (var parent in current.Inherits)
                Follow(parent);
            if (current.PartitionOf is { } partitioned)
                Follow(partitioned);
        }
        return false;

        void Follow(QualifiedId id)
        {
            if (seen.Add(id) && state.Relations.TryGetValue(id, out var relation) && relation is Table parent)
                open.Push(parent);
        }
    }

    /// <summary>The tables that inherit from a table or are its partitions, directly.</summary>
    public static IReadOnlyList<Table> ChildrenOf(CatalogState state, QualifiedId parent)
    {
        var children = new List<Table>();
        foreach (var relation in state.Relations.Values)
        {
            if (relation is not Table table)
                continue;
            if (table.PartitionOf == parent)
                children.Add(table);
            else
            {
                foreach (var id in table.Inherits)
                {
                    if (id == parent)
                        children.Add(table);
                }
            }
        }
        children.Sort(static (a, b) => CatalogLookup.CompareIds(a.Id, b.Id));
        return children;
    }
}

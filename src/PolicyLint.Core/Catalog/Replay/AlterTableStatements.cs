using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>ALTER TABLE and its relatives for views, foreign tables and sequences, action by action.</summary>
internal sealed class AlterTableStatements(
    ReplayContext context, ColumnBuilder columns, ConstraintBuilder constraints, DefaultGrants defaults, Dropping dropping, TypeStatements types)
{
    private readonly TableParents _parents = new(context, constraints);

    public void Alter(AlterTableStatement statement)
    {
        if (statement.Kind == RelationKind.CompositeType)
        {
            types.AlterComposite(statement);
            return;
        }
        if (statement.Kind == RelationKind.Index)
            return;
        if (context.Require(statement.Table, statement.IfExists) is not { } relation)
            return;
        for (var pass = 0; pass < 6; pass++)
        {
            foreach (var action in statement.Actions)
            {
                if (PassOf(action) != pass)
                    continue;
                if (!context.State.Relations.TryGetValue(relation.Id, out var current))
                    return;
                Apply(current, action, statement.IsOnly);
            }
        }
    }

    // tablecmds.c runs the actions in passes: drops, type changes, new columns, column attributes, indexes, constraints.
    private static int PassOf(AlterTableAction action) => action switch
    {
        DropColumn or DropConstraint => 0,
        SetColumnType => 1,
        AddColumn => 2,
        Sql.Tree.AddConstraint { Constraint: UniqueConstraint or ExclusionConstraint } => 4,
        Sql.Tree.AddConstraint => 5,
        _ => 3,
    };

    private void Apply(Relation relation, AlterTableAction action, bool isOnly)
    {
        switch (action)
        {
            case SetOwner owner:
                ChangeOwner(relation, context.RoleOf(owner.Owner));
                return;
            case SetStorageOptions options when relation is View view:
                context.Alter(view, ViewStatements.WithOptions(context, view, options.Options, options.IsReset));
                return;
            case SetColumnDefault value:
                SetDefault(relation, value);
                return;
        }
        if (relation is not Table table)
            return;
        switch (action)
        {
            case AddColumn add:
                Add(table, add, isOnly);
                break;
            case DropColumn drop:
                dropping.DropColumn(table, drop);
                break;
            case SetColumnNotNull nullability:
                SetNotNull(table, nullability, isOnly);
                break;
            case SetColumnType type:
                SetType(table, type);
                break;
            case Sql.Tree.AddConstraint constraint:
                AddConstraint(table, constraint.Constraint, isOnly);
                break;
            case DropConstraint drop:
                dropping.DropConstraint(table, drop);
                break;
            case ValidateConstraint validate:
                Validate(table, validate.Constraint);
                break;
            case SetRowSecurity security:
                SetSecurity(table, security);
                break;
            case AttachPartition attach when attach.Bound is not null:
                Attach(table, attach);
                break;
            case DetachPartition detach:
                if (context.RequireTable(detach.Partition) is { } partition)
                    context.Alter(partition, TableParents.Detached(partition, table));
                break;
            case SetInheritance inheritance:
                SetInheritance(table, inheritance);
                break;
            case SetTriggerState state when !state.IsRule:
                SetTriggers(table, state);
                break;
            case SetIdentity identity:
                SetIdentity(table, identity);
                break;
            case SetExpression expression:
                SetGeneration(table, expression);
                break;
        }
    }

    public void ChangeOwner(Relation relation, string owner)
    {
        if (relation.Owner == owner)
            return;

        // The new owner's privileges become the owner's, which are not listed (acl.c, aclnewowner).
        var grants = Lists.Map(relation.Grants, grant => grant.Grantee == owner ? null : grant);
        context.Alter(relation, relation with { Owner = owner, Grants = grants });
        foreach (var sequence in dropping.OwnedSequences(relation.Id, null))
            context.State.Replace(sequence, sequence with { Owner = owner });
    }

    private void Add(Table table, AddColumn add, bool isOnly)
    {
        var name = add.Column.Name.Text;
        if (table.FindColumn(name) is not null)
        {
            if (!add.IfNotExists)
                context.Report($"column \"{name}\" of relation \"{table.Id.Name}\" already exists", isError: table.Taints.Count == 0);
            return;
        }
        var sequences = new List<Sequence>();
        var column = columns.Build(table.Id, add.Column, null, sequences, table.Owner, table.Persistence);
        var owner = table.Owner ?? context.CurrentRole;
        foreach (var sequence in sequences)
            context.Create(sequence with { Grants = defaults.For(ObjectKind.Sequence, sequence.Id.Schema, owner) });
        var changed = table with { Columns = Lists.With(table.Columns, column) };
        context.Alter(table, changed, ChangeKind.Created, ObjectKind.Column, name, null, column);
        foreach (var constraint in add.Column.Constraints)
        {
            var current = (Table)context.State.Relations[table.Id];
            var after = constraints.Add(current, constraint, name);
            if (!ReferenceEquals(after, current))
                RecordConstraint(current, after);
        }
        if (isOnly)
            return;
        foreach (var child in TableParents.ChildrenOf(context.State, table.Id))
            Add(child, new AddColumn { Column = WithoutKeys(add.Column), IfNotExists = true, Start = add.Start, End = add.End }, isOnly: false);
    }

    // Keys and references are not inherited by plain children; partitions get them through the cloned indexes.
    private static ColumnDefinition WithoutKeys(ColumnDefinition definition) => new()
    {
        Name = definition.Name,
        Type = definition.Type,
        Constraints = Array.FindAll(definition.Constraints, static c => c is not (UniqueConstraint or ForeignKeyConstraint)),
        Start = definition.Start,
        End = definition.End,
    };

    private void RecordConstraint(Table before, Table after)
    {
        var added = after.Constraints.Count > before.Constraints.Count ? after.Constraints[after.Constraints.Count - 1] : null;
        if (added is null)
            context.Alter(before, after);
        else
            context.Alter(before, after, ChangeKind.Created, ObjectKind.Constraint, added.Name, null, added);
    }

    private bool Find(Relation relation, Name name, out Column column)
    {
        if (relation.FindColumn(name.Text) is { } found)
        {
            column = found;
            return true;
        }
        column = null!;
        if (relation.AreColumnsKnown)
        {
            context.Report($"column \"{name}\" of relation \"{relation.Id.Name}\" does not exist", isError: relation.Taints.Count == 0, context.At(name));
            return false;
        }

        // A column that an assumed table turns out to have.
        column = new Column { Name = name.Text, Type = "", IsNotNull = new(false, context.Here, IsKnown: false), CreatedAt = context.Here };
        context.State.Replace(relation, relation with { Columns = Lists.With(relation.Columns, column) });
        return true;
    }

    private void ChangeColumn(Relation relation, Name name, Func<Column, Column> change)
    {
        if (!Find(relation, name, out var column))
            return;
        relation = context.State.Relations[relation.Id];
        var after = change(column);
        context.Alter(
            relation, relation with { Columns = Lists.Replace(relation.Columns, column, after) }, ChangeKind.Altered, ObjectKind.Column, column.Name, column, after);
    }

    private void SetDefault(Relation relation, SetColumnDefault action) =>
        ChangeColumn(relation, action.Column, column => column with { Default = action.Value is null ? null : columns.DefaultOf(action.Value) });

    private void SetGeneration(Table table, SetExpression action) =>
        ChangeColumn(table, action.Column, column => action.Value is { } value
            ? column with { Default = context.Fragment(value) }
            : column with { Default = null, IsGenerated = false });

    private void SetNotNull(Table table, SetColumnNotNull action, bool isOnly)
    {
        ChangeColumn(table, action.Column, column => column with { IsNotNull = new(action.IsNotNull, context.At(action)) });
        if (isOnly)
            return;
        foreach (var child in TableParents.ChildrenOf(context.State, table.Id))
            SetNotNull(child, action, isOnly: false);
    }

    private void SetType(Table table, SetColumnType action)
    {
        if (table.FindColumn(action.Column.Text) is not null && dropping.BlocksTypeChange(table, action.Column.Text) is { } blocker)
        {
            context.Report($"cannot alter type of a column used {blocker}", isError: true);
            return;
        }
        ChangeColumn(table, action.Column, column => column with { Type = context.Types.OfColumn(action.Type) });
        foreach (var child in TableParents.ChildrenOf(context.State, table.Id))
            SetType(child, action);
    }

    private void AddConstraint(Table table, Constraint constraint, bool isOnly)
    {
        if (constraint is NullabilityConstraint { IsNotNull: true } notNull)
        {
            ChangeColumn(table, notNull.Column, column => column with { IsNotNull = new(true, context.At(notNull)) });
            return;
        }
        var after = constraints.Add(table, constraint, null);
        var current = context.State.Relations[table.Id] as Table ?? table;
        if (ReferenceEquals(after, table))
            return;
        RecordConstraint(current, after);
        if (isOnly || constraint is ForeignKeyConstraint && table.Kind != TableKind.Partitioned)
            return;
        foreach (var child in TableParents.ChildrenOf(context.State, table.Id))
        {
            if (constraint is UniqueConstraint or ExclusionConstraint)
            {
                if (child.PartitionOf == table.Id)
                    _parents.CloneIndexes(child.Id, (Table)context.State.Relations[table.Id]);
            }
            else
                context.Alter(child, _parents.Inherit(child, (Table)context.State.Relations[table.Id], child.PartitionOf == table.Id));
        }
    }

    private void Validate(Table table, Name name)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Name != name.Text)
                continue;
            var after = constraint with { IsValidated = true };
            context.Alter(
                table, table with { Constraints = Lists.Replace(table.Constraints, constraint, after) }, ChangeKind.Altered, ObjectKind.Constraint, name.Text, constraint, after);
            return;
        }
        context.Report($"constraint \"{name}\" of relation \"{table.Id.Name}\" does not exist", isError: table.AreColumnsKnown && table.Taints.Count == 0);
    }

    private void SetSecurity(Table table, SetRowSecurity action)
    {
        var origin = context.Here;
        var after = action.Action switch
        {
            RowSecurityAction.Enable => table with { RowSecurityEnabled = new(true, origin) },
            RowSecurityAction.Disable => table with { RowSecurityEnabled = new(false, origin) },
            RowSecurityAction.Force => table with { RowSecurityForced = new(true, origin) },
            _ => table with { RowSecurityForced = new(false, origin) },
        };
        context.Alter(table, after, ChangeKind.RowSecurityChanged);
    }

    private void Attach(Table table, AttachPartition attach)
    {
        if (context.RequireTable(attach.Partition) is not { } partition)
            return;
        if (TableParents.IsSameOrBelow(context.State, table, partition.Id))
        {
            context.Report($"circular inheritance not allowed: \"{table.Id.Name}\" is already a child of \"{partition.Id.Name}\"", isError: true);
            return;
        }
        var after = _parents.Inherit(partition with { PartitionOf = table.Id }, table, isPartition: true);
        context.Alter(partition, after with { Columns = partition.AreColumnsKnown ? partition.Columns : after.Columns });
        _parents.CloneIndexes(partition.Id, table);
    }

    private void SetInheritance(Table table, SetInheritance action)
    {
        if (context.RequireTable(action.Parent) is not { } parent)
            return;
        var inherits = new List<QualifiedId>(table.Inherits);
        inherits.Remove(parent.Id);
        if (!action.IsRemoved)
        {
            if (TableParents.IsSameOrBelow(context.State, parent, table.Id))
            {
                context.Report($"circular inheritance not allowed: \"{parent.Id.Name}\" is already a child of \"{table.Id.Name}\"", isError: true);
                return;
            }
            inherits.Add(parent.Id);
        }
        context.Alter(table, table with { Inherits = inherits });
    }

    private void SetTriggers(Table table, SetTriggerState state)
    {
        var after = Lists.Map(table.Triggers, trigger => state.IsAll || state.IsUser || trigger.Name == state.Trigger.Text
            ? trigger with { IsEnabled = state.State != TriggerState.Disable }
            : trigger);
        context.Alter(table, table with { Triggers = after }, ChangeKind.Altered, ObjectKind.Trigger, state.Trigger.Text);
    }

    private void SetIdentity(Table table, SetIdentity identity)
    {
        if (identity.IsDropped)
        {
            ChangeColumn(table, identity.Column, static column => column with { IsIdentity = false });
            foreach (var sequence in dropping.OwnedSequences(table.Id, identity.Column.Text))
                context.Drop(sequence, isByCascade: true);
        }
        else if (identity.Added is { } added)
        {
            var sequences = new List<Sequence>();
            columns.NewIdentitySequence(table.Id, identity.Column.Text, added, table.Owner, table.Persistence, sequences);
            foreach (var sequence in sequences)
                context.Create(sequence with { Grants = defaults.For(ObjectKind.Sequence, sequence.Id.Schema, table.Owner ?? context.CurrentRole) });
            ChangeColumn(table, identity.Column, column => column with { IsIdentity = true });
        }
    }
}

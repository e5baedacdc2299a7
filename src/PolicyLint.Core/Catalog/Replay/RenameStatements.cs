using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>ALTER … RENAME, SET SCHEMA and OWNER TO.</summary>
internal sealed class RenameStatements(
    ReplayContext context, Renaming renaming, FunctionStatements functions, RoleStatements roles, AlterTableStatements tables, TypeStatements types)
{
    public void Rename(RenameStatement statement)
    {
        switch (statement.Kind)
        {
            case ObjectKind.Policy:
                RenamePolicy(statement);
                break;
            case ObjectKind.Trigger:
                RenameTrigger(statement);
                break;
            case ObjectKind.Role:
                roles.Rename(statement.Object.Name.Text, statement.NewName.Text);
                break;
            case ObjectKind.Schema:
                RenameSchema(statement);
                break;
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine:
                MoveFunction(statement.Object, statement.Signature, id => new(id.Schema, statement.NewName.Text));
                break;
            case ObjectKind.Index:
                RenameIndex(statement);
                break;
            case ObjectKind.Type or ObjectKind.Domain:
                RenameType(statement);
                break;
            case ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence or ObjectKind.ForeignTable:
                RenameRelation(statement);
                break;
        }
    }

    public void SetSchema(SetSchemaStatement statement)
    {
        var schema = statement.Schema.Text;
        context.AssumeSchema(schema);
        switch (statement.Kind)
        {
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine:
                MoveFunction(statement.Object, statement.Signature, id => new(schema, id.Name));
                break;
            case ObjectKind.Type or ObjectKind.Domain:
                if (context.Types.Find(statement.Object) is { } type)
                    Move(new() { Types = { [type.Id] = new(schema, type.Id.Name) } }, ObjectKind.Type, new(schema, type.Id.Name), type);
                break;
            case ObjectKind.Extension:
                context.State.SetExtension(statement.Object.Name.Text, schema);
                break;
            case ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence or ObjectKind.ForeignTable:
                if (context.Require(statement.Object, statement.IfExists) is { } relation)
                    MoveRelation(relation, new(schema, relation.Id.Name));
                break;
        }
    }

    public void ChangeOwner(ChangeOwnerStatement statement)
    {
        var owner = context.RoleOf(statement.Owner);
        switch (statement.Kind)
        {
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine:
                functions.Change(statement.Object, statement.Signature, function => function with
                {
                    Owner = owner,
                    Grants = Lists.Map(function.Grants, grant => grant.Grantee == owner ? null : grant),
                });
                break;
            case ObjectKind.Schema:
                if (context.State.Schemas.TryGetValue(statement.Object.Name.Text, out var schema))
                {
                    context.State.SetSchema(schema with
                    {
                        Owner = owner,
                        Grants = Lists.Map(schema.Grants, grant => grant.Grantee == owner ? null : grant),
                    });
                }
                break;
            case ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence or ObjectKind.ForeignTable:
                if (context.Require(statement.Object) is { } relation)
                    tables.ChangeOwner(relation, owner);
                break;
        }
    }

    private void RenameRelation(RenameStatement statement)
    {
        if (context.Require(statement.Object, statement.IfExists) is not { } relation)
            return;
        if (statement.Part == RenamedPart.Constraint)
            RenameConstraint(relation, statement);
        else if (statement.Part is RenamedPart.Column or RenamedPart.Attribute)
            RenameColumn(relation, statement);
        else
            MoveRelation(relation, new(relation.Id.Schema, statement.NewName.Text));
    }

    private void MoveRelation(Relation relation, QualifiedId id)
    {
        if (id == relation.Id)
            return;
        if (context.State.IsRelationName(id))
        {
            context.Report($"relation \"{id.Name}\" already exists", isError: relation.Taints.Count == 0);
            return;
        }
        var map = new RenameMap { Relations = { [relation.Id] = id } };

        // What belongs to the table goes along to another schema.
        if (id.Schema != relation.Id.Schema)
        {
            foreach (var other in context.State.Relations.Values)
            {
                if (other is Sequence sequence && sequence.OwnedByTable == relation.Id)
                    map.Relations[sequence.Id] = new(id.Schema, sequence.Id.Name);
            }
        }
        Move(map, ReplayContext.KindOf(relation), id, relation);
    }

    private void Move(RenameMap map, ObjectKind kind, QualifiedId id, object before)
    {
        renaming.Apply(map);
        object? after = kind switch
        {
            ObjectKind.Type => context.State.Types.TryGetValue(id, out var type) ? type : null,
            _ => context.State.Relations.TryGetValue(id, out var relation) ? relation : null,
        };
        context.Record(ChangeKind.Renamed, kind, id, "", before, after);
    }

    private void RenameColumn(Relation relation, RenameStatement statement)
    {
        var oldName = statement.OldName.Text;
        var newName = statement.NewName.Text;
        if (relation.FindColumn(oldName) is not { } column)
        {
            context.Report($"column \"{oldName}\" does not exist", isError: relation.AreColumnsKnown && relation.Taints.Count == 0);
            if (relation.AreColumnsKnown)
                return;
            column = new Column { Name = oldName, Type = "", IsNotNull = new(false, context.Here, IsKnown: false), CreatedAt = context.Here };
            context.State.Replace(relation, relation with { Columns = Lists.With(relation.Columns, column) });
        }
        else if (relation.FindColumn(newName) is not null)
        {
            context.Report($"column \"{newName}\" of relation \"{relation.Id.Name}\" already exists", isError: relation.Taints.Count == 0);
            return;
        }
        var map = new RenameMap();
        AddColumn(map, relation.Id, oldName, newName);
        renaming.Apply(map);
        context.Record(ChangeKind.Renamed, ObjectKind.Column, relation.Id, newName, column, context.State.Relations[relation.Id].FindColumn(newName));
    }

    private void AddColumn(RenameMap map, QualifiedId id, string oldName, string newName)
    {
        map.Columns[(id, oldName)] = newName;
        foreach (var child in TableParents.ChildrenOf(context.State, id))
            AddColumn(map, child.Id, oldName, newName);
    }

    private void RenameConstraint(Relation relation, RenameStatement statement)
    {
        if (relation is not Table table)
            return;
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Name != statement.OldName.Text)
                continue;
            var after = constraint with { Name = statement.NewName.Text };
            var indexes = Lists.Map(table.Indexes, index => index.Constraint == constraint.Name ? index with { Name = after.Name, Constraint = after.Name } : index);
            context.Alter(
                table, table with { Constraints = Lists.Replace(table.Constraints, constraint, after), Indexes = indexes }, ChangeKind.Renamed, ObjectKind.Constraint,
                after.Name, constraint, after);
            return;
        }
        context.Report($"constraint \"{statement.OldName}\" for table \"{table.Id.Name}\" does not exist", isError: table.AreColumnsKnown && table.Taints.Count == 0);
    }

    private void RenameIndex(RenameStatement statement)
    {
        IReadOnlyList<string> schemas = statement.Object.Schema is { } schema ? [schema] : context.State.SearchPath;
        foreach (var searched in schemas)
        {
            var oldName = statement.Object.Name.Text;
            if (!context.State.IndexOwners.TryGetValue(new(searched, oldName), out var owner))
                continue;
            var newName = statement.NewName.Text;
            if (context.State.Relations[owner] is Table table)
            {
                // The index of a constraint and the constraint have one name.
                var indexes = Lists.Map(table.Indexes, i => i.Name == oldName ? i with { Name = newName, Constraint = i.Constraint is null ? null : newName } : i);
                var isConstraint = !ReferenceEquals(indexes, table.Indexes);
                var constraints = isConstraint
                    ? Lists.Map(table.Constraints, c => c.Name == oldName && c.Kind is not (ConstraintKind.Check or ConstraintKind.ForeignKey) ? c with { Name = newName } : c)
                    : table.Constraints;
                context.Alter(table, table with { Indexes = indexes, Constraints = constraints }, ChangeKind.Renamed, ObjectKind.Index, newName);
            }
            else if (context.State.Relations[owner] is View view)
                context.Alter(view, view with { Indexes = Lists.Map(view.Indexes, i => i.Name == oldName ? i with { Name = newName } : i) }, ChangeKind.Renamed, ObjectKind.Index, newName);
            return;
        }
        if (context.State.FindRelation(statement.Object) is { } relation)
            MoveRelation(relation, new(relation.Id.Schema, statement.NewName.Text));
        else if (!statement.IfExists)
            context.Report($"relation \"{statement.Object}\" does not exist", isError: context.State.Dropped.ContainsKey(context.IdOfMissing(statement.Object)));
    }

    private void RenamePolicy(RenameStatement statement)
    {
        if (context.RequireTable(statement.On, statement.IfExists) is not { } table)
            return;
        if (PolicyStatements.Find(table, statement.Object.Name.Text) is not { } policy)
        {
            context.Report($"policy \"{statement.Object}\" for table \"{table.Id.Name}\" does not exist", !table.IsAssumed && !table.IsForeignOwned && table.Taints.Count == 0);
            return;
        }
        var after = policy with { Name = statement.NewName.Text, ChangedAt = context.Here };
        context.Alter(table, table with { Policies = Lists.Replace(table.Policies, policy, after) }, ChangeKind.Renamed, ObjectKind.Policy, after.Name, policy, after);
    }

    private void RenameTrigger(RenameStatement statement)
    {
        if (context.State.FindTable(statement.On) is not { } table)
            return;
        var triggers = Lists.Map(table.Triggers, t => t.Name == statement.Object.Name.Text ? t with { Name = statement.NewName.Text } : t);
        context.Alter(table, table with { Triggers = triggers }, ChangeKind.Renamed, ObjectKind.Trigger, statement.NewName.Text);
    }

    private void RenameSchema(RenameStatement statement)
    {
        var oldName = statement.Object.Name.Text;
        var newName = statement.NewName.Text;
        if (!context.State.Schemas.TryGetValue(oldName, out var schema))
            return;
        context.State.RemoveSchema(oldName);
        context.State.MarkDropped(new(oldName, ""), context.Here);
        context.State.SetSchema(schema with { Name = newName });
        var map = new RenameMap();
        foreach (var id in context.State.Relations.Keys)
        {
            if (id.Schema == oldName)
                map.Relations[id] = new(newName, id.Name);
        }
        foreach (var id in context.State.Functions.Keys)
        {
            if (id.Schema == oldName)
                map.Functions[id] = new(newName, id.Name);
        }
        foreach (var id in context.State.Types.Keys)
        {
            if (id.Schema == oldName)
                map.Types[id] = new(newName, id.Name);
        }
        renaming.Apply(map);
        context.Record(ChangeKind.Renamed, ObjectKind.Schema, new(newName, ""), "", schema, context.State.Schemas[newName]);
    }

    private void MoveFunction(ObjectName name, FunctionSignature? signature, Func<QualifiedId, QualifiedId> target)
    {
        var overloads = context.State.FindFunctions(name);
        if (FunctionStatements.Match(context, overloads, signature) is not { } function)
        {
            context.Report($"function {name} does not exist", isError: context.State.Dropped.ContainsKey(context.IdOfMissing(name)));
            return;
        }
        var after = target(function.Id);
        if (overloads.Count > 1)
        {
            functions.Replace(function, function with { Id = after, ChangedAt = context.Here }, ChangeKind.Renamed);
            return;
        }
        renaming.Apply(new() { Functions = { [function.Id] = after } });
        var renamed = context.State.Functions[after];
        context.Record(ChangeKind.Renamed, function.IsProcedure ? ObjectKind.Procedure : ObjectKind.Function, after, "", function, renamed[renamed.Count - 1]);
    }

    private void RenameType(RenameStatement statement)
    {
        if (context.Types.Find(statement.Object) is not { } type)
        {
            context.Report($"type \"{statement.Object}\" does not exist", isError: context.State.Dropped.ContainsKey(context.IdOfMissing(statement.Object)));
            return;
        }
        if (statement.Part is RenamedPart.Attribute or RenamedPart.Column)
        {
            types.Replace(type, type with
            {
                Attributes = Lists.Map(type.Attributes, a => a.Name == statement.OldName.Text ? a with { Name = statement.NewName.Text } : a),
            });
        }
        else if (statement.Part == RenamedPart.Object)
        {
            var id = new QualifiedId(type.Id.Schema, statement.NewName.Text);
            Move(new() { Types = { [type.Id] = id } }, ObjectKind.Type, id, type);
        }
    }
}

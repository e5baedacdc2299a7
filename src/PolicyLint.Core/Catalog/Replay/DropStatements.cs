using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>DROP of every kind of object that the catalog holds.</summary>
internal sealed class DropStatements(ReplayContext context, Dropping dropping)
{
    public void Drop(DropStatement statement)
    {
        switch (statement.Kind)
        {
            case ObjectKind.Policy or ObjectKind.Trigger or ObjectKind.Rule:
                foreach (var target in statement.Targets)
                    DropPart(statement, target);
                return;
            case ObjectKind.Role:
                foreach (var target in statement.Targets)
                    DropRole(statement, target);
                return;
            case ObjectKind.Extension:
                foreach (var target in statement.Targets)
                    context.State.RemoveExtension(target.Name.Name.Text);
                return;
        }
        var items = new List<DropItem>();
        foreach (var target in statement.Targets)
        {
            if (Find(statement, target) is { } item && !items.Contains(item))
                items.Add(item);
        }
        if (items.Count > 0)
            dropping.Drop(items, statement.Behavior);
    }

    private DropItem? Find(DropStatement statement, DropTarget target)
    {
        switch (statement.Kind)
        {
            case ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence or ObjectKind.ForeignTable:
                return FindRelation(statement, target);
            case ObjectKind.Index:
                return FindIndex(statement, target);
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine or ObjectKind.Aggregate:
                return FindFunction(statement, target);
            case ObjectKind.Type or ObjectKind.Domain:
                return FindType(statement, target);
            case ObjectKind.Schema:
                var name = target.Name.Name.Text;
                if (context.State.Schemas.ContainsKey(name))
                    return new(DropKind.Schema, new(name, ""), "");
                Missing(statement, $"schema \"{name}\" does not exist", new(name, ""));
                return null;
            default:
                return null;
        }
    }

    private DropItem? FindRelation(DropStatement statement, DropTarget target)
    {
        if (context.State.FindRelation(target.Name) is { } relation)
        {
            var kind = ReplayContext.KindOf(relation);
            if (kind == statement.Kind || relation.IsAssumed)
                return DropItem.Of(relation.Id);
            context.Report($"\"{target.Name}\" is not a {Word(statement.Kind)}", isError: relation.Taints.Count == 0);
            return null;
        }
        var id = context.IdOfMissing(target.Name);
        Missing(statement, $"{Word(statement.Kind)} \"{target.Name}\" does not exist", id);
        context.State.MarkDropped(id, context.Here);
        return null;
    }

    private static string Word(ObjectKind kind) => kind switch
    {
        ObjectKind.View => "view",
        ObjectKind.MaterializedView => "materialized view",
        ObjectKind.Sequence => "sequence",
        ObjectKind.ForeignTable => "foreign table",
        _ => "table",
    };

    private DropItem? FindIndex(DropStatement statement, DropTarget target)
    {
        var name = target.Name.Name.Text;
        IReadOnlyList<string> schemas = target.Name.Schema is { } written ? [written] : context.State.SearchPath;
        foreach (var schema in schemas)
        {
            if (!context.State.IndexOwners.TryGetValue(new(schema, name), out var owner))
                continue;
            if (context.State.Relations[owner] is Table table && IsOfConstraint(table, name))
            {
                context.Report($"cannot drop index {name} because constraint {name} on table {table.Id.Name} requires it", isError: true);
                return null;
            }
            return new(DropKind.Index, owner, name);
        }
        Missing(statement, $"index \"{target.Name}\" does not exist", context.IdOfMissing(target.Name));
        return null;
    }

    private static bool IsOfConstraint(Table table, string name)
    {
        foreach (var index in table.Indexes)
        {
            if (index.Name == name)
                return index.Constraint is not null;
        }
        return false;
    }

    private DropItem? FindFunction(DropStatement statement, DropTarget target)
    {
        var overloads = context.State.FindFunctions(target.Name);
        if (FunctionStatements.Match(context, overloads, target.Signature) is { } function)
            return new(DropKind.Function, function.Id, FunctionStatements.Signature(function));
        Missing(statement, $"function {target.Name} does not exist", context.IdOfMissing(target.Name));
        return null;
    }

    private DropItem? FindType(DropStatement statement, DropTarget target)
    {
        var name = target.Type?.Name ?? target.Name;
        if (context.Types.Find(name) is { } type)
            return new(DropKind.Type, type.Id, "");
        Missing(statement, $"type \"{name}\" does not exist", context.IdOfMissing(name));
        return null;
    }

    // Certain only where it was there: what other files made may well exist.
    private void Missing(DropStatement statement, string message, QualifiedId id)
    {
        if (!statement.IfExists)
            context.Report(message, isError: context.State.Dropped.ContainsKey(id));
    }

    private void DropPart(DropStatement statement, DropTarget target)
    {
        var name = target.Name.Name.Text;
        if (statement.IfExists && context.State.FindRelation(target.On) is null)
            return;
        if (statement.Kind == ObjectKind.Trigger && context.State.FindRelation(target.On) is View)
            return;
        if (context.RequireTable(target.On, statement.IfExists) is not { } table)
            return;
        if (statement.Kind == ObjectKind.Policy)
        {
            foreach (var policy in table.Policies)
            {
                if (policy.Name != name)
                    continue;
                context.Alter(table, table with { Policies = Lists.Replace(table.Policies, policy, null) }, ChangeKind.Dropped, ObjectKind.Policy, name, policy);
                return;
            }
        }
        else if (statement.Kind == ObjectKind.Trigger)
        {
            foreach (var trigger in table.Triggers)
            {
                if (trigger.Name != name)
                    continue;
                context.Alter(table, table with { Triggers = Lists.Replace(table.Triggers, trigger, null) }, ChangeKind.Dropped, ObjectKind.Trigger, name, trigger);
                if (table.Kind != TableKind.Partitioned || !trigger.IsForEachRow)
                    return;
                foreach (var partition in TableParents.PartitionsBelow(context.State, table.Id))
                    context.State.Replace(partition, partition with { Triggers = Lists.Map(partition.Triggers, other => other.Name == name ? null : other) });
                return;
            }
        }
        else
            return;
        if (!statement.IfExists)
        {
            var isCertain = !table.IsAssumed && !table.IsForeignOwned && table.Taints.Count == 0;
            context.Report($"{(statement.Kind == ObjectKind.Policy ? "policy" : "trigger")} \"{name}\" for table \"{table.Id.Name}\" does not exist", isCertain);
        }
    }

    private void DropRole(DropStatement statement, DropTarget target)
    {
        var name = target.Name.Name.Text;
        if (!context.State.Roles.TryGetValue(name, out var role))
            return;
        context.State.RemoveRole(name);
        foreach (var other in new List<Role>(context.State.Roles.Values))
        {
            var memberships = Lists.Map(other.MemberOf, membership => membership.Role == name ? null : membership);
            if (!ReferenceEquals(memberships, other.MemberOf))
                context.State.SetRole(other with { MemberOf = memberships });
        }
        context.Record(ChangeKind.Dropped, ObjectKind.Role, new("", name), "", role, null);
    }
}

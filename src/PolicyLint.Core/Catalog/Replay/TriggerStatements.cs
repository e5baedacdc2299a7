using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>CREATE TRIGGER.</summary>
internal sealed class TriggerStatements(ReplayContext context)
{
    public void Create(CreateTriggerStatement statement)
    {
        if (context.Require(statement.Table) is not Table table)
            return;
        var name = statement.Name.Text;
        Trigger? existing = null;
        foreach (var candidate in table.Triggers)
        {
            if (candidate.Name == name)
                existing = candidate;
        }
        if (existing is not null && !statement.OrReplace)
        {
            context.Report($"trigger \"{name}\" for relation \"{table.Id.Name}\" already exists", isError: table.Taints.Count == 0);
            return;
        }
        var trigger = new Trigger
        {
            Name = name,
            Timing = statement.Timing,
            OnInsert = statement.OnInsert,
            OnUpdate = statement.OnUpdate,
            OnDelete = statement.OnDelete,
            OnTruncate = statement.OnTruncate,
            UpdateColumns = Lists.Texts(statement.UpdateColumns),
            IsForEachRow = statement.IsForEachRow,
            Function = FunctionOf(statement.Function),
            CreatedAt = context.Here,
        };
        var triggers = existing is null ? Lists.With(table.Triggers, trigger) : Lists.Replace(table.Triggers, existing, trigger);
        context.Alter(
            table, table with { Triggers = triggers }, existing is null ? ChangeKind.Created : ChangeKind.Altered, ObjectKind.Trigger, name, existing, trigger);
        if (table.Kind != TableKind.Partitioned || !trigger.IsForEachRow)
            return;
        foreach (var partition in TableParents.PartitionsBelow(context.State, table.Id))
        {
            var others = Lists.Map(partition.Triggers, other => other.Name == name ? null : other);
            context.State.Replace(partition, partition with { Triggers = Lists.With(others, trigger) });
        }
    }

    private QualifiedId FunctionOf(ObjectName name)
    {
        if (context.State.FindFunctions(name) is { Count: > 0 } overloads)
            return overloads[0].Id;
        return new(name.Schema ?? context.CreationSchema, name.Name.Text);
    }
}

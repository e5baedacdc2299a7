using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Schemas, extensions, sequences and comments.</summary>
internal sealed class SchemaStatements(ReplayContext context, DefaultGrants defaults, Action<Statement> apply)
{
    public void CreateSchema(CreateSchemaStatement statement)
    {
        var owner = statement.Owner is { } role ? context.RoleOf(role) : context.CurrentRole;
        var name = statement.Name.IsEmpty ? owner : statement.Name.Text;
        if (context.State.Schemas.TryGetValue(name, out var existing) && !existing.IsAssumed)
        {
            if (!statement.IfNotExists)
                context.Report($"schema \"{name}\" already exists", isError: true);
            return;
        }
        var schema = new Schema
        {
            Name = name,
            Owner = owner,
            Grants = defaults.For(ObjectKind.Schema, "", owner),
            IsForeignOwned = context.IsSeeding,
            CreatedAt = context.Here,
        };
        context.State.SetSchema(schema);
        context.Record(ChangeKind.Created, ObjectKind.Schema, new(name, ""), "", null, schema);
        if (statement.Elements.Length == 0)
            return;

        // The elements are made with the new schema first in the path.
        var path = context.State.SearchPathSetting;
        context.State.SearchPathSetting = [name, .. path];
        foreach (var element in statement.Elements)
            apply(element);
        context.State.SearchPathSetting = path;
    }

    public void CreateExtension(CreateExtensionStatement statement)
    {
        var name = statement.Name.Text;
        if (context.State.ExtensionSchemas.ContainsKey(name))
        {
            if (!statement.IfNotExists)
                context.Report($"extension \"{name}\" already exists", isError: true);
            return;
        }
        var schema = statement.Schema.IsEmpty ? context.CreationSchema : statement.Schema.Text;
        context.AssumeSchema(schema);
        context.State.SetExtension(name, schema);
        context.Record(ChangeKind.Created, ObjectKind.Extension, new(schema, name), "", null, null);
    }

    public void CreateSequence(CreateSequenceStatement statement)
    {
        var id = context.IdForNew(statement.Sequence, statement.Persistence);
        if (context.State.IsRelationName(id))
        {
            if (!statement.IfNotExists)
                context.Report($"relation \"{id.Name}\" already exists", isError: true);
            return;
        }
        context.Create(Owned(
            new Sequence
            {
                Id = id,
                CreatedAt = context.Here,
                Owner = context.CurrentRole,
                IsForeignOwned = context.IsSeeding,
                Grants = defaults.For(ObjectKind.Sequence, id.Schema, context.CurrentRole),
            },
            statement.Options));
    }

    public void AlterSequence(AlterSequenceStatement statement)
    {
        if (context.State.FindRelation(statement.Sequence) is Sequence sequence)
            context.Alter(sequence, Owned(sequence, statement.Options));
    }

    public void Comment(CommentStatement statement)
    {
        var text = statement.Text?.GetText();
        var target = statement.Target;
        switch (statement.Kind)
        {
            case ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.ForeignTable or ObjectKind.Sequence:
                if (context.State.FindRelation(target.Name) is { } relation)
                    context.State.Replace(relation, relation with { Comment = text });
                break;
            case ObjectKind.Policy:
                if (context.State.FindTable(target.On) is { } table && PolicyStatements.Find(table, target.Name.Name.Text) is { } policy)
                    context.State.Replace(table, table with { Policies = Lists.Replace(table.Policies, policy, policy with { Comment = text }) });
                break;
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine:
                var overloads = context.State.FindFunctions(target.Name);
                if (FunctionStatements.Match(context, overloads, target.Signature) is { } function)
                    context.State.SetFunctions(function.Id, Lists.Replace(overloads, function, function with { Comment = text }));
                break;
        }
    }

    private Sequence Owned(Sequence sequence, OptionItem[] options)
    {
        foreach (var option in options)
        {
            if (option.Name != "owned_by")
                continue;
            if (option.Value is not ColumnReference { Name.PartCount: > 1 } column)
                return sequence with { OwnedByTable = null, OwnedByColumn = null };
            var schema = column.Name.Outer.Count > 0 ? column.Name.Outer[column.Name.Outer.Count - 1] : default;
            if (context.State.FindRelation(new ObjectName(column.Name.Qualifier, schema)) is { } table)
                return sequence with { OwnedByTable = table.Id, OwnedByColumn = column.Name.Name.Text };
        }
        return sequence;
    }
}

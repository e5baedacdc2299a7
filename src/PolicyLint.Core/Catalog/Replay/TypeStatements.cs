using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Enums, composite types, ranges and domains.</summary>
internal sealed class TypeStatements(ReplayContext context)
{
    public void CreateEnum(CreateEnumStatement statement) =>
        Add(statement.Type, TypeKind.Enum, type => type with { Labels = Array.ConvertAll(statement.Labels, static label => label.GetText()) });

    public void CreateComposite(CreateCompositeTypeStatement statement) =>
        Add(statement.Type, TypeKind.Composite, type => type with { Attributes = Array.ConvertAll(statement.Attributes, AttributeOf) });

    public void CreateRange(CreateRangeTypeStatement statement) => Add(statement.Type, TypeKind.Range, static type => type);

    public void CreateDomain(CreateDomainStatement statement) =>
        Add(statement.Domain, TypeKind.Domain, type => type with { BaseType = context.Types.OfColumn(statement.Type) });

    public void AlterEnum(AlterEnumStatement statement)
    {
        if (Find(statement.Type) is not { } type)
            return;
        var labels = new List<string>(type.Labels);
        var label = statement.NewLabel.GetText();
        if (statement.OldLabel is { } old)
        {
            var at = labels.IndexOf(old.GetText());
            if (at >= 0)
                labels[at] = label;
        }
        else if (labels.Contains(label))
        {
            if (!statement.IfNotExists)
                context.Report($"enum label \"{label}\" already exists", isError: true);
            return;
        }
        else
        {
            var neighbour = statement.Neighbour is null ? -1 : labels.IndexOf(statement.Neighbour.GetText());
            labels.Insert(neighbour < 0 ? labels.Count : statement.IsAfter ? neighbour + 1 : neighbour, label);
        }
        Replace(type, type with { Labels = labels });
    }

    /// <summary>ALTER TYPE … ADD, DROP, ALTER ATTRIBUTE.</summary>
    public void AlterComposite(AlterTableStatement statement)
    {
        if (Find(statement.Table) is not { } type)
            return;
        var attributes = new List<Column>(type.Attributes);
        foreach (var action in statement.Actions)
        {
            switch (action)
            {
                case AddColumn add:
                    attributes.Add(AttributeOf(add.Column));
                    break;
                case DropColumn drop:
                    attributes.RemoveAll(a => a.Name == drop.Column.Text);
                    break;
                case SetColumnType change:
                    var at = attributes.FindIndex(a => a.Name == change.Column.Text);
                    if (at >= 0)
                        attributes[at] = attributes[at] with { Type = context.Types.OfColumn(change.Type) };
                    break;
            }
        }
        Replace(type, type with { Attributes = attributes });
    }

    public void Replace(UserType before, UserType after)
    {
        if (before.Id != after.Id)
            context.State.RemoveType(before.Id);
        context.State.SetType(after);
        context.Record(before.Id == after.Id ? ChangeKind.Altered : ChangeKind.Renamed, ObjectKind.Type, after.Id, "", before, after);
    }

    private UserType? Find(ObjectName name)
    {
        if (context.Types.Find(name) is { } type)
            return type;
        context.Report($"type \"{name}\" is not created in what was read", isError: context.State.Dropped.ContainsKey(context.IdOfMissing(name)));
        return null;
    }

    private void Add(ObjectName name, TypeKind kind, Func<UserType, UserType> fill)
    {
        var id = context.IdForNew(name);
        if (context.State.Types.ContainsKey(id))
        {
            context.Report($"type \"{id.Name}\" already exists", isError: true);
            return;
        }
        var type = fill(new UserType { Id = id, Kind = kind, IsForeignOwned = context.IsSeeding, CreatedAt = context.Here });
        context.State.SetType(type);
        context.Record(ChangeKind.Created, ObjectKind.Type, id, "", null, type);
    }

    private Column AttributeOf(ColumnDefinition definition) => new()
    {
        Name = definition.Name.Text,
        Type = definition.Type is { } type ? context.Types.OfColumn(type) : "",
        IsNotNull = new(false, Origin.Default),
        CreatedAt = context.At(definition),
    };
}

using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>CREATE TABLE in all its forms, CREATE TABLE AS and SELECT INTO.</summary>
internal sealed class TableStatements(ReplayContext context, ColumnBuilder columns, ConstraintBuilder constraints, DefaultGrants defaults)
{
    private readonly TableParents _parents = new(context, constraints);

    public void Create(CreateTableStatement statement)
    {
        var id = context.IdForNew(statement.Table, statement.Persistence);
        if (!MakeRoom(id, statement.IfNotExists))
            return;
        var owner = context.CurrentRole;
        var parent = statement.PartitionOf.IsEmpty ? null : ParentOf(id, statement.PartitionOf);
        var table = new Table
        {
            Id = id,
            CreatedAt = context.Here,
            Owner = owner,
            IsForeignOwned = context.IsSeeding,
            Kind = statement.PartitionBy is not null ? TableKind.Partitioned : !statement.Server.IsEmpty ? TableKind.Foreign : TableKind.Ordinary,
            Persistence = statement.Persistence,
            RowSecurityEnabled = new(false, Origin.Default),
            RowSecurityForced = new(false, Origin.Default),
            PartitionOf = parent?.Id,
            Grants = defaults.For(ObjectKind.Table, id.Schema, owner),
        };
        table = Inherit(table, statement, parent);
        var sequences = new List<Sequence>();
        table = AddElements(table, statement, sequences, owner);
        table = AddConstraints(table, statement, parent);

        // A new table has no rows that NOT VALID could spare (parse_utilcmd.c, transformFKConstraints).
        var validated = Lists.Map(table.Constraints, static c => c.IsValidated ? c : c with { IsValidated = true });
        if (!ReferenceEquals(validated, table.Constraints))
            table = table with { Constraints = validated };
        foreach (var sequence in sequences)
            context.Create(sequence with { Grants = defaults.For(ObjectKind.Sequence, sequence.Id.Schema, owner) });
        context.Create(table);
        if (parent is not null)
            _parents.CloneIndexes(table.Id, parent);
    }

    public void CreateAs(CreateTableAsStatement statement)
    {
        var id = context.IdForNew(statement.Table, statement.Persistence);
        if (!MakeRoom(id, statement.IfNotExists))
            return;
        var query = statement.Query as QueryStatement;
        Create(id, query, statement.Persistence, Lists.Texts(statement.Columns));
    }

    /// <summary>SELECT … INTO t.</summary>
    public void SelectInto(SelectQuery select, IntoClause into)
    {
        var id = context.IdForNew(into.Table, into.Persistence);
        if (MakeRoom(id, ifNotExists: false))
            Create(id, select, into.Persistence, []);
    }

    private void Create(QualifiedId id, QueryStatement? query, Persistence persistence, IReadOnlyList<string> names)
    {
        var shape = query is null ? QueryShape.Unknown : new QueryBinder(context.State).Bind(query).Renamed(names);
        context.Create(new Table
        {
            Id = id,
            CreatedAt = context.Here,
            Owner = context.CurrentRole,
            IsForeignOwned = context.IsSeeding,
            Persistence = persistence,
            Columns = ColumnsOf(shape, context.Here),
            AreColumnsKnown = shape.IsKnown,
            RowSecurityEnabled = new(false, Origin.Default),
            RowSecurityForced = new(false, Origin.Default),
            CopiedFrom = query is null ? null : context.Fragment(query),
            Grants = defaults.For(ObjectKind.Table, id.Schema, context.CurrentRole),
        });
    }

    /// <summary>Columns with the names and types of a query's output.</summary>
    public static IReadOnlyList<Column> ColumnsOf(QueryShape shape, Origin origin)
    {
        var made = new List<Column>(shape.Columns.Count);
        foreach (var column in shape.Columns)
            made.Add(new Column { Name = column.Name, Type = column.Type, IsNotNull = new(false, Origin.Default), CreatedAt = origin });
        return made;
    }

    /// <summary>Whether the name is free for a new relation. An assumed relation makes room: now it is known.</summary>
    private bool MakeRoom(QualifiedId id, bool ifNotExists)
    {
        if (context.State.Relations.TryGetValue(id, out var existing))
        {
            if (existing.IsAssumed && !ifNotExists && existing.Taints.Count == 0)
            {
                context.State.Replace(existing, null);
                return true;
            }
            if (!ifNotExists)
                context.Report($"relation \"{id.Name}\" already exists", isError: !existing.IsAssumed && existing.Taints.Count == 0);
            return false;
        }
        if (!context.State.IsRelationName(id))
            return true;
        if (!ifNotExists)
            context.Report($"relation \"{id.Name}\" already exists", isError: true);
        return false;
    }

    // A table that was assumed as a child may be named as the parent later on.
    private Table? ParentOf(QualifiedId id, ObjectName name)
    {
        var parent = context.RequireTable(name);
        if (parent is null || !TableParents.IsSameOrBelow(context.State, parent, id))
            return parent;
        context.Report($"circular inheritance not allowed: \"{parent.Id.Name}\" is already a child of \"{id.Name}\"", isError: true);
        return null;
    }

    private Table Inherit(Table table, CreateTableStatement statement, Table? partitioned)
    {
        if (partitioned is not null)
            return _parents.Inherit(table, partitioned, isPartition: true);
        foreach (var name in statement.Inherits)
        {
            if (ParentOf(table.Id, name) is { } parent)
                table = _parents.Inherit(table with { Inherits = Lists.With(table.Inherits, parent.Id) }, parent, isPartition: false);
        }
        if (!statement.OfType.IsEmpty)
            table = OfType(table, statement.OfType);
        return table;
    }

    private Table OfType(Table table, ObjectName name)
    {
        if (context.Types.Find(name) is not { } type)
            return table with { AreColumnsKnown = false };
        return table with { Columns = Lists.Map(type.Attributes, attribute => attribute with { CreatedAt = context.Here }) };
    }

    private Table AddElements(Table table, CreateTableStatement statement, List<Sequence> sequences, string owner)
    {
        var list = new List<Column>(table.Columns.Count + statement.Elements.Length);
        list.AddRange(table.Columns);
        var isKnown = table.AreColumnsKnown;
        foreach (var element in statement.Elements)
        {
            switch (element)
            {
                case ColumnDefinition definition:
                    AddColumn(table.Id, list, definition, sequences, owner, statement);
                    break;
                case LikeClause like:
                    isKnown &= AddLike(table, like, list, sequences, owner);
                    break;
            }
        }
        return table with { Columns = list, AreColumnsKnown = isKnown };
    }

    private void AddColumn(
        QualifiedId table, List<Column> list, ColumnDefinition definition, List<Sequence> sequences, string owner, CreateTableStatement statement)
    {
        var index = IndexOf(list, definition.Name.Text);
        var inherited = index >= 0 ? list[index] : null;
        if (inherited is not null && statement.PartitionOf.IsEmpty && statement.Inherits.Length == 0 && statement.OfType.IsEmpty)
        {
            context.Report($"column \"{definition.Name}\" specified more than once", isError: true, context.At(definition));
            return;
        }
        var column = columns.Build(table, definition, inherited, sequences, owner, statement.Persistence);
        if (index >= 0)
            list[index] = column;
        else
            list.Add(column);
    }

    private static int IndexOf(List<Column> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name == name)
                return i;
        }
        return -1;
    }

    private bool AddLike(Table table, LikeClause like, List<Column> list, List<Sequence> sequences, string owner)
    {
        if (context.Require(like.Table) is not { } source)
            return false;
        foreach (var column in source.Columns)
        {
            var copy = column with { Grants = [], CreatedAt = context.At(like) };
            if (!Includes(like, column.IsGenerated ? "generated" : "defaults"))
                copy = copy with { Default = null, IsGenerated = false };
            if (column.IsIdentity && Includes(like, "identity"))
                columns.NewSequence(table.Id, column.Name, owner, table.Persistence, sequences);
            else
                copy = copy with { IsIdentity = false };
            list.Add(copy);
        }
        return source.AreColumnsKnown;
    }

    private static bool Includes(LikeClause like, string what)
    {
        var includes = false;
        foreach (var option in like.Options)
        {
            if (option.What == what || option.What == "all")
                includes = option.IsIncluding;
        }
        return includes;
    }

    // Checks first, then primary key, unique and exclusion, then foreign keys: the order in which PostgreSQL names them.
    private Table AddConstraints(Table table, CreateTableStatement statement, Table? partitioned)
    {
        foreach (var element in statement.Elements)
        {
            if (element is LikeClause like)
                table = CopyLikeChecks(table, like);
        }
        for (var pass = 0; pass < 4; pass++)
        {
            foreach (var element in statement.Elements)
            {
                if (element is Constraint constraint)
                {
                    if (PassOf(constraint) == pass)
                        table = constraints.Add(table, constraint, null);
                }
                else if (element is ColumnDefinition definition)
                {
                    foreach (var own in definition.Constraints)
                    {
                        if (PassOf(own) == pass)
                            table = constraints.Add(table, own, definition.Name.Text);
                    }
                }
            }
        }
        foreach (var element in statement.Elements)
        {
            if (element is LikeClause like && Includes(like, "indexes") && context.State.FindRelation(like.Table) is Table source)
                table = _parents.CopyIndexes(table, source);
        }
        return table;
    }

    private Table CopyLikeChecks(Table table, LikeClause like)
    {
        if (!Includes(like, "constraints") || context.State.FindRelation(like.Table) is not Table source)
            return table;
        foreach (var constraint in source.Constraints)
        {
            if (constraint.Kind == ConstraintKind.Check)
                table = table with { Constraints = Lists.With(table.Constraints, constraint with { CreatedAt = context.At(like) }) };
        }
        return table;
    }

    private static int PassOf(Constraint constraint) => constraint switch
    {
        UniqueConstraint { IsPrimaryKey: true } => 1,
        UniqueConstraint or ExclusionConstraint => 2,
        ForeignKeyConstraint => 3,
        _ => 0,
    };
}

using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Adds constraints and the indexes behind them to a table, under the names that PostgreSQL chooses.</summary>
internal sealed class ConstraintBuilder(ReplayContext context)
{
    /// <summary>Adds the constraint; the column is the one that it was written on, or null for a table constraint.</summary>
    public Table Add(Table table, Constraint constraint, string? column)
    {
        switch (constraint)
        {
            case UniqueConstraint unique:
                return AddUnique(table, unique, column);
            case ForeignKeyConstraint key:
                return AddForeignKey(table, key, column);
            case CheckConstraint check:
                return AddCheck(table, check);
            case ExclusionConstraint exclusion:
                return AddExclusion(table, exclusion);
            case NullabilityConstraint { IsNotNull: true, Column.IsEmpty: false } nullability:
                return WithNotNull(table, nullability.Column.Text, context.At(nullability));
            default:
                return table;
        }
    }

    /// <summary>Makes columns NOT NULL, as a primary key does.</summary>
    public static Table WithNotNull(Table table, string column, Origin origin) =>
        table.FindColumn(column) is { } found && !found.IsNotNull.Value
            ? table with { Columns = Lists.Replace(table.Columns, found, found with { IsNotNull = new(true, origin) }) }
            : table;

    private Table AddUnique(Table table, UniqueConstraint unique, string? column)
    {
        if (!unique.UsingIndex.IsEmpty)
            return AdoptIndex(table, unique);
        IReadOnlyList<string> columns = column is null ? Lists.Texts(unique.Columns) : [column];
        var origin = context.At(unique);
        if (unique.IsPrimaryKey)
        {
            foreach (var existing in table.Constraints)
            {
                if (existing.Kind != ConstraintKind.PrimaryKey)
                    continue;
                context.Report($"multiple primary keys for table \"{table.Id.Name}\" are not allowed", isError: true, origin);
                return table;
            }
            foreach (var key in columns)
                table = WithNotNull(table, key, origin);
        }
        else if (unique.Name.IsEmpty && HasSameUnique(table, columns))
            return table;
        var name = unique.Name.IsEmpty
            ? unique.IsPrimaryKey
                ? FreeIndexName(table, null, "pkey")
                : FreeIndexName(table, ObjectNames.Addition(columns), "key")
            : unique.Name.Text;
        var constraint = new TableConstraint
        {
            Name = name,
            Kind = unique.IsPrimaryKey ? ConstraintKind.PrimaryKey : ConstraintKind.Unique,
            Columns = columns,
            NullsNotDistinct = unique.NullsNotDistinct,
            CreatedAt = origin,
        };
        return WithIndexed(table, constraint, new TableIndex
        {
            Name = name,
            Keys = Keys(columns),
            Include = Lists.Texts(unique.Include),
            IsUnique = true,
            Method = unique.IsWithoutOverlaps ? "gist" : "btree",
            NullsNotDistinct = unique.NullsNotDistinct,
            Constraint = name,
            CreatedAt = origin,
        });
    }

    // Two equal UNIQUE clauses of one CREATE TABLE make one (parse_utilcmd.c, transformIndexConstraints).
    private bool HasSameUnique(Table table, IReadOnlyList<string> columns)
    {
        if (context.State.Relations.ContainsKey(table.Id))
            return false;
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique && Lists.AreEqual(constraint.Columns, columns))
                return true;
        }
        return false;
    }

    private Table AdoptIndex(Table table, UniqueConstraint unique)
    {
        var origin = context.At(unique);
        TableIndex? index = null;
        foreach (var candidate in table.Indexes)
        {
            if (candidate.Name == unique.UsingIndex.Text)
                index = candidate;
        }
        if (index is null)
        {
            context.Report($"index \"{unique.UsingIndex}\" does not exist", isError: table.AreColumnsKnown, origin);
            return table;
        }
        var name = unique.Name.IsEmpty ? index.Name : unique.Name.Text;
        var columns = new List<string>();
        foreach (var key in index.Keys)
        {
            if (key.Column is { } column)
                columns.Add(column);
        }
        if (unique.IsPrimaryKey)
        {
            foreach (var column in columns)
                table = WithNotNull(table, column, origin);
        }
        var constraint = new TableConstraint
        {
            Name = name,
            Kind = unique.IsPrimaryKey ? ConstraintKind.PrimaryKey : ConstraintKind.Unique,
            Columns = columns,
            NullsNotDistinct = index.NullsNotDistinct,
            CreatedAt = origin,
        };
        return table with
        {
            Constraints = Lists.With(table.Constraints, constraint),
            Indexes = Lists.Replace(table.Indexes, index, index with { Name = name, Constraint = name }),
        };
    }

    private Table AddForeignKey(Table table, ForeignKeyConstraint key, string? column)
    {
        IReadOnlyList<string> columns = column is null ? Lists.Texts(key.Columns) : [column];
        var referenced = context.State.FindRelation(key.Table);

        // A key to the table that is being made.
        if (referenced is null && key.Table.Name.Text == table.Id.Name && (key.Table.Schema ?? table.Id.Schema) == table.Id.Schema)
            referenced = table;
        referenced ??= context.Require(key.Table);
        var target = Lists.Texts(key.ReferencedColumns);
        if (target.Count == 0 && referenced is Table parent)
        {
            foreach (var constraint in parent.Constraints)
            {
                if (constraint.Kind == ConstraintKind.PrimaryKey)
                    target = constraint.Columns;
            }
        }
        var name = key.Name.IsEmpty
            ? context.Names.Constraint(table, ObjectNames.Addition(columns), "fkey")
            : key.Name.Text;
        return With(table, new TableConstraint
        {
            Name = name,
            Kind = ConstraintKind.ForeignKey,
            Columns = columns,
            ReferencedTable = referenced?.Id ?? context.IdOfMissing(key.Table),
            ReferencedColumns = target,
            OnDelete = ActionOf(key.OnDelete),
            OnUpdate = ActionOf(key.OnUpdate),
            IsValidated = !key.IsNotValid,
            CreatedAt = context.At(key),
        });
    }

    private static ReferentialAction ActionOf(ReferentialAction action) =>
        action == ReferentialAction.Unspecified ? ReferentialAction.NoAction : action;

    private Table AddCheck(Table table, CheckConstraint check)
    {
        var columns = ColumnsRead.Of(context.State, table, check.Condition);
        var name = check.Name.IsEmpty
            ? context.Names.Constraint(table, columns.Count == 1 ? columns[0] : null, "check")
            : check.Name.Text;
        return With(table, new TableConstraint
        {
            Name = name,
            Kind = ConstraintKind.Check,
            Columns = columns,
            Condition = context.Fragment(check.Condition),
            IsValidated = !check.IsNotValid,
            IsNoInherit = check.IsNoInherit,
            CreatedAt = context.At(check),
        });
    }

    private Table AddExclusion(Table table, ExclusionConstraint exclusion)
    {
        var origin = context.At(exclusion);
        var keys = new IndexKey[exclusion.Elements.Length];
        var names = new string[keys.Length];
        var columns = new List<string>();
        for (var i = 0; i < keys.Length; i++)
        {
            var element = exclusion.Elements[i].Element;
            keys[i] = KeyOf(element);
            names[i] = NameOf(element);
            if (!element.Column.IsEmpty)
                columns.Add(element.Column.Text);
        }
        var name = exclusion.Name.IsEmpty ? FreeIndexName(table, ObjectNames.Addition(names), "excl") : exclusion.Name.Text;
        var constraint = new TableConstraint { Name = name, Kind = ConstraintKind.Exclusion, Columns = columns, CreatedAt = origin };
        return WithIndexed(table, constraint, new TableIndex
        {
            Name = name,
            Keys = keys,
            Include = Lists.Texts(exclusion.Include),
            Method = exclusion.Method.IsEmpty ? "btree" : exclusion.Method.Text,
            Predicate = exclusion.Where is { } where ? context.Fragment(where) : null,
            Constraint = name,
            CreatedAt = origin,
        });
    }

    /// <summary>The key that an element of an index is.</summary>
    public IndexKey KeyOf(IndexElement element) => element.Expression switch
    {
        null => new(element.Column.Text, null),
        ColumnReference { IsStar: false, Name.PartCount: 1 } column => new(column.Name.Name.Text, null),
        var expression => new(null, context.Fragment(expression)),
    };

    /// <summary>What an element is called in the name of an index.</summary>
    public static string NameOf(IndexElement element) =>
        element.Expression is { } expression ? OutputNames.OfIndexKey(expression) : element.Column.Text;

    /// <summary>A free name for an index of the table, also against indexes that the table has and the catalog does not know yet.</summary>
    public string FreeIndexName(Table table, string? addition, string label, bool isConstraint = true)
    {
        for (var pass = 0; ; pass++)
        {
            var numbered = pass == 0 ? label : label + pass.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var name = context.Names.Relation(table.Id.Schema, table.Id.Name, addition, numbered, isConstraint);
            if (!IsOwnName(table, name) || context.State.Relations.ContainsKey(table.Id))
                return name;
        }
    }

    private static bool IsOwnName(Table table, string name)
    {
        var indexes = table.Indexes;
        for (var i = 0; i < indexes.Count; i++)
        {
            if (indexes[i].Name == name)
                return true;
        }
        return ObjectNames.IsConstraintOf(table, name);
    }

    private Table With(Table table, TableConstraint constraint)
    {
        if (!IsFree(table, constraint))
            return table;
        return table with { Constraints = Lists.With(table.Constraints, constraint) };
    }

    private Table WithIndexed(Table table, TableConstraint constraint, TableIndex index)
    {
        if (!IsFree(table, constraint))
            return table;
        if (context.State.IsRelationName(new(table.Id.Schema, index.Name)))
        {
            context.Report($"relation \"{index.Name}\" already exists", isError: true, constraint.CreatedAt);
            return table;
        }
        return table with { Constraints = Lists.With(table.Constraints, constraint), Indexes = Lists.With(table.Indexes, index) };
    }

    private bool IsFree(Table table, TableConstraint constraint)
    {
        if (ObjectNames.IsConstraintOf(table, constraint.Name))
        {
            context.Report($"constraint \"{constraint.Name}\" for relation \"{table.Id.Name}\" already exists", isError: true, constraint.CreatedAt);
            return false;
        }
        if (!table.AreColumnsKnown || table.Taints.Count > 0)
            return true;
        for (var i = 0; i < constraint.Columns.Count; i++)
        {
            if (table.FindColumn(constraint.Columns[i]) is null)
                context.Report($"column \"{constraint.Columns[i]}\" named in key does not exist", isError: true, constraint.CreatedAt);
        }
        return true;
    }

    private static IndexKey[] Keys(IReadOnlyList<string> columns)
    {
        var keys = new IndexKey[columns.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new(columns[i], null);
        return keys;
    }
}

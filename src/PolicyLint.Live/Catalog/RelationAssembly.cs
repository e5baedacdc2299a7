using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Catalog;

/// <summary>Puts relations together from the rows of relations.sql, columns.sql, parts.sql and policies.sql, by the numbers that PostgreSQL gives them.</summary>
internal sealed class RelationAssembly(
    LiveSql sql, PlatformSql platform, IReadOnlyList<RoleDocument> roles, RelationRows rows, IReadOnlyList<PolicyRow> policies)
{
    private readonly Privileges privileges = new();
    private readonly Dictionary<uint, string> roleNames = roles.ToDictionary(static role => (uint)role.Id, static role => role.Name);
    private readonly Dictionary<uint, QualifiedId> names = rows.Relations.ToDictionary(static row => row.Id, static row => new QualifiedId(row.Schema, row.Name));
    private readonly ILookup<uint, ColumnRow> columns = rows.Columns.ToLookup(static row => row.Relation);
    private readonly ILookup<uint, PartRow> parts = rows.Parts.ToLookup(static row => row.Relation);
    private readonly ILookup<uint, PolicyRow> policies = policies.ToLookup(static row => row.Relation);

    public IReadOnlyDictionary<QualifiedId, Relation> Relations()
    {
        var relations = new Dictionary<QualifiedId, Relation>(rows.Relations.Count);
        foreach (var row in rows.Relations)
        {
            var id = names[row.Id];
            relations.Add(id, RelationOf(row, id));
        }

        return relations;
    }

    private Relation RelationOf(RelationRow row, QualifiedId id)
    {
        var kind = row.Kind switch { 'v' => "view", 'm' => "materialized view", 'S' => "sequence", 'f' => "foreign table", _ => "table" };
        var origin = Origin.Live($"{kind} {id}");
        var isReadable = true;
        var owner = RoleName(row.Owner);
        var isForeignOwned = row.IsFromExtension || platform.Owns(row.Schema, owner);
        var grants = privileges.Of(row.Privileges, owner, origin);
        var ownColumns = new List<Column>();
        foreach (var column in columns[row.Id])
            ownColumns.Add(ColumnOf(column, id, owner, ref isReadable));
        var ownParts = parts[row.Id];
        switch (row.Kind)
        {
            case 'S':
                return new Sequence
                {
                    Id = id,
                    CreatedAt = origin,
                    IsForeignOwned = isForeignOwned,
                    Owner = owner,
                    OwnedByTable = NameOf(row.OwningTable ?? 0),
                    OwnedByColumn = row.OwningColumn is { } column && row.OwningTable is { } owning ? ColumnName(owning, (short)column) : null,
                    Grants = grants,
                    Comment = row.Comment,
                };

            case 'v' or 'm':
                var viewIndexes = Indexes(ownParts, id, ref isReadable);
                return new View
                {
                    Id = id,
                    CreatedAt = origin,
                    IsForeignOwned = isForeignOwned,
                    Owner = owner,
                    Grants = grants,
                    Columns = ownColumns,
                    Comment = row.Comment,
                    IsMaterialized = row.Kind == 'm',
                    Query = sql.Query(row.Definition, origin),
                    SecurityInvoker = new Fact<bool>(Option(row.Options, "security_invoker"), origin),
                    SecurityBarrier = new Fact<bool>(Option(row.Options, "security_barrier"), origin),
                    Indexes = viewIndexes,
                    Taints = isReadable ? [] : [origin],
                };

            default:
                var tableConstraints = Constraints(ownParts, id, ref isReadable);
                var tableIndexes = Indexes(ownParts, id, ref isReadable);
                var parents = row.Parents.Select(NameOf).OfType<QualifiedId>().ToArray();
                return new Table
                {
                    Id = id,
                    CreatedAt = origin,
                    IsForeignOwned = isForeignOwned,
                    Owner = owner,
                    Grants = grants,
                    Columns = ownColumns,
                    Comment = row.Comment,
                    Kind = row.Kind switch { 'p' => TableKind.Partitioned, 'f' => TableKind.Foreign, _ => TableKind.Ordinary },
                    Persistence = row.Persistence switch { 't' => Persistence.Temporary, 'u' => Persistence.Unlogged, _ => Persistence.Permanent },
                    RowSecurityEnabled = new Fact<bool>(row.RowSecurityEnabled, origin),
                    RowSecurityForced = new Fact<bool>(row.RowSecurityForced, origin),
                    Constraints = tableConstraints,
                    Indexes = tableIndexes,
                    Policies = [.. policies[row.Id].Select(policy => PolicyOf(policy, id))],
                    Triggers = [.. ownParts.OfType<TriggerRow>().Select(trigger => TriggerOf(trigger, id))],
                    PartitionOf = row.IsPartition && parents.Length > 0 ? parents[0] : null,
                    Inherits = row.IsPartition ? [] : parents,
                    Taints = isReadable ? [] : [origin],
                };
        }
    }

    private Column ColumnOf(ColumnRow row, QualifiedId relation, string owner, ref bool isReadable)
    {
        var origin = Origin.Live($"column {row.Name} of {relation}");
        return new Column
        {
            Name = row.Name,
            Type = row.Type,
            IsNotNull = new Fact<bool>(row.IsNotNull, origin),
            Default = sql.Expression(row.Default, origin, ref isReadable),
            IsGenerated = row.IsGenerated,
            IsIdentity = row.IsIdentity,
            CreatedAt = origin,
            Grants = privileges.Of(row.Privileges, owner, origin),
        };
    }

    private List<TableConstraint> Constraints(IEnumerable<PartRow> ownParts, QualifiedId table, ref bool isReadable)
    {
        var constraints = new List<TableConstraint>();
        foreach (var constraint in ownParts.OfType<ConstraintRow>())
        {
            var index = constraint.Type == 'u' ? ownParts.OfType<IndexRow>().FirstOrDefault(index => index.Id == constraint.Index) : null;
            constraints.Add(ConstraintOf(constraint, table, index, ref isReadable));
        }

        return constraints;
    }

    private TableConstraint ConstraintOf(ConstraintRow row, QualifiedId table, IndexRow? index, ref bool isReadable)
    {
        var origin = Origin.Live($"constraint {row.Name} on {table}");
        return new TableConstraint
        {
            Name = row.Name,
            Kind = row.Type switch
            {
                'p' => ConstraintKind.PrimaryKey,
                'u' => ConstraintKind.Unique,
                'f' => ConstraintKind.ForeignKey,
                'x' => ConstraintKind.Exclusion,
                _ => ConstraintKind.Check,
            },
            Columns = ColumnNames(row.Relation, row.Columns),
            ReferencedTable = NameOf(row.Referenced),
            ReferencedColumns = ColumnNames(row.Referenced, row.ReferencedColumns),
            OnDelete = ActionOf(row.OnDelete),
            OnUpdate = ActionOf(row.OnUpdate),
            Condition = sql.Expression(row.Condition, origin, ref isReadable),
            IsValidated = row.IsValidated,
            NullsNotDistinct = index is { NullsNotDistinct: true },
            CreatedAt = origin,
        };
    }

    private List<TableIndex> Indexes(IEnumerable<PartRow> ownParts, QualifiedId relation, ref bool isReadable)
    {
        var indexes = new List<TableIndex>();
        foreach (var index in ownParts.OfType<IndexRow>())
        {
            // The index that a foreign key names is the referenced table's.
            var constraint = ownParts.OfType<ConstraintRow>().FirstOrDefault(row => row.Index == index.Id && row.Type is 'p' or 'u' or 'x');
            indexes.Add(IndexOf(index, relation, constraint?.Name, ref isReadable));
        }

        return indexes;
    }

    private TableIndex IndexOf(IndexRow row, QualifiedId relation, string? constraint, ref bool isReadable)
    {
        var origin = Origin.Live($"index {row.Name} on {relation}");
        var keys = new IndexKey[row.KeyCount];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = row.Columns[i] == 0
                ? new IndexKey(null, sql.Expression(row.Expressions[i], origin, ref isReadable))
                : new IndexKey(ColumnName(row.Relation, row.Columns[i]), null);
        }

        return new TableIndex
        {
            Name = row.Name,
            Keys = keys,
            Include = ColumnNames(row.Relation, row.Columns[row.KeyCount..]),
            IsUnique = row.IsUnique,
            IsValid = row.IsValid,
            Method = row.Method,
            Predicate = sql.Expression(row.Predicate, origin, ref isReadable),
            NullsNotDistinct = row.NullsNotDistinct,
            Constraint = constraint,
            CreatedAt = origin,
        };
    }

    private Policy PolicyOf(PolicyRow row, QualifiedId table)
    {
        var origin = Origin.Live($"policy {row.Name} on {table}");
        var isReadable = true;
        var policy = new Policy
        {
            Name = row.Name,
            Command = row.Command switch
            {
                'r' => PolicyCommand.Select,
                'a' => PolicyCommand.Insert,
                'w' => PolicyCommand.Update,
                'd' => PolicyCommand.Delete,
                _ => PolicyCommand.All,
            },
            IsPermissive = row.IsPermissive,
            Roles = Array.ConvertAll(row.Roles, role => role == 0 ? "public" : RoleName(role)),
            Using = sql.Expression(row.Using, origin, ref isReadable),
            WithCheck = sql.Expression(row.WithCheck, origin, ref isReadable),
            CreatedAt = origin,
            ChangedAt = origin,
            Comment = row.Comment,
        };

        // A predicate that can't be read is not a policy without one.
        return isReadable ? policy : policy with { IsTainted = true };
    }

    private Trigger TriggerOf(TriggerRow row, QualifiedId table)
    {
        // The bits of pg_trigger.tgtype (catalog/pg_trigger.h).
        const int ForEachRow = 1, Before = 2, Insert = 4, Delete = 8, Update = 16, Truncate = 32, InsteadOf = 64;
        var bits = row.Type;
        return new Trigger
        {
            Name = row.Name,
            Timing = (bits & Before) != 0 ? TriggerTiming.Before : (bits & InsteadOf) != 0 ? TriggerTiming.InsteadOf : TriggerTiming.After,
            OnInsert = (bits & Insert) != 0,
            OnUpdate = (bits & Update) != 0,
            OnDelete = (bits & Delete) != 0,
            OnTruncate = (bits & Truncate) != 0,
            UpdateColumns = ColumnNames(row.Relation, row.Columns),
            IsForEachRow = (bits & ForEachRow) != 0,
            IsEnabled = row.IsEnabled,
            Function = new QualifiedId(row.FunctionSchema, row.FunctionName),
            CreatedAt = Origin.Live($"trigger {row.Name} on {table}"),
        };
    }

    private static ReferentialAction ActionOf(char action) => action switch
    {
        'a' => ReferentialAction.NoAction,
        'r' => ReferentialAction.Restrict,
        'c' => ReferentialAction.Cascade,
        'n' => ReferentialAction.SetNull,
        'd' => ReferentialAction.SetDefault,
        _ => ReferentialAction.Unspecified, // not a foreign key
    };

    /// <summary>A Boolean storage parameter, in any of the spellings that PostgreSQL takes and keeps (bool.c, parse_bool).</summary>
    private static bool Option(string[] options, string name)
    {
        foreach (var option in options)
        {
            if (!option.StartsWith(name + "=", StringComparison.Ordinal))
                continue;

            var value = option[(name.Length + 1)..];
            return value is "1" || IsPrefixOf(value, "true") || IsPrefixOf(value, "yes") || value.Equals("on", StringComparison.OrdinalIgnoreCase);
        }

        return false;

        static bool IsPrefixOf(string value, string word) => value.Length > 0 && word.StartsWith(value, StringComparison.OrdinalIgnoreCase);
    }

    private string RoleName(uint role) => roleNames.TryGetValue(role, out var name) ? name : $"unknown (OID={role})";

    private QualifiedId? NameOf(uint relation) => names.TryGetValue(relation, out var name) ? name : null;

    private string[] ColumnNames(uint relation, short[] numbers) => Array.ConvertAll(numbers, number => ColumnName(relation, number));

    private string ColumnName(uint relation, short number)
    {
        foreach (var column in columns[relation])
        {
            if (column.Number == number)
                return column.Name;
        }

        return "tableoid"; // the only system column that a constraint may name (heap.c)
    }
}

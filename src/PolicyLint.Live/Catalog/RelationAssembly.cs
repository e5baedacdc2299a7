using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Catalog;

/// <summary>Puts relations together from relations.sql and parts.sql.</summary>
internal sealed class RelationAssembly
{
    private readonly LiveSql sql;
    private readonly PlatformSql platform;
    private readonly Dictionary<long, List<ConstraintDocument>> constraints = [];
    private readonly Dictionary<long, List<IndexDocument>> indexes = [];
    private readonly Dictionary<long, List<PolicyDocument>> policies = [];
    private readonly Dictionary<long, List<TriggerDocument>> triggers = [];

    public RelationAssembly(LiveSql sql, PlatformSql platform, IReadOnlyList<Entry> parts)
    {
        this.sql = sql;
        this.platform = platform;
        foreach (var part in parts)
        {
            switch (part.Kind)
            {
                case "constraint":
                    var constraint = part.Read(CatalogJson.Default.ConstraintDocument);
                    Add(constraints, constraint.Relation, constraint);
                    break;

                case "index":
                    var index = part.Read(CatalogJson.Default.IndexDocument);
                    Add(indexes, index.Relation, index);
                    break;

                case "policy":
                    var policy = part.Read(CatalogJson.Default.PolicyDocument);
                    Add(policies, policy.Relation, policy);
                    break;

                case "trigger":
                    var trigger = part.Read(CatalogJson.Default.TriggerDocument);
                    Add(triggers, trigger.Relation, trigger);
                    break;
            }
        }
    }

    public IReadOnlyDictionary<QualifiedId, Relation> Relations(IReadOnlyList<RelationDocument> documents)
    {
        var relations = new Dictionary<QualifiedId, Relation>(documents.Count);
        foreach (var document in documents)
        {
            var id = new QualifiedId(document.Schema, document.Name);
            relations.Add(id, RelationOf(document, id));
        }

        return relations;
    }

    private Relation RelationOf(RelationDocument document, QualifiedId id)
    {
        var kind = document.Kind switch { 'v' => "view", 'm' => "materialized view", 'S' => "sequence", 'f' => "foreign table", _ => "table" };
        var origin = Origin.Live($"{kind} {id}");
        var isReadable = true;
        var isForeignOwned = document.IsFromExtension || platform.Owns(document.Schema, document.Owner);
        var grants = Privileges.Of(document.Grants, origin);
        var columns = Array.ConvertAll(document.Columns, column => ColumnOf(column, id, ref isReadable));
        switch (document.Kind)
        {
            case 'S':
                return new Sequence
                {
                    Id = id,
                    CreatedAt = origin,
                    IsForeignOwned = isForeignOwned,
                    Owner = document.Owner,
                    OwnedByTable = document.OwnedBy is { } owning ? new QualifiedId(owning.Schema, owning.Name) : null,
                    OwnedByColumn = document.OwnedBy?.Column,
                    Grants = grants,
                    Comment = document.Comment,
                };

            case 'v' or 'm':
                var viewIndexes = Parts(indexes, document, index => IndexOf(index, id, ref isReadable));
                return new View
                {
                    Id = id,
                    CreatedAt = origin,
                    IsForeignOwned = isForeignOwned,
                    Owner = document.Owner,
                    Grants = grants,
                    Columns = columns,
                    Comment = document.Comment,
                    IsMaterialized = document.Kind == 'm',
                    Query = sql.Query(document.Definition, origin),
                    SecurityInvoker = new Fact<bool>(Option(document.Options, "security_invoker"), origin),
                    SecurityBarrier = new Fact<bool>(Option(document.Options, "security_barrier"), origin),
                    Indexes = viewIndexes,
                    Taints = isReadable ? [] : [origin],
                };

            default:
                var tableConstraints = Parts(constraints, document, constraint => ConstraintOf(constraint, id, ref isReadable));
                var tableIndexes = Parts(indexes, document, index => IndexOf(index, id, ref isReadable));
                var tablePolicies = Parts(policies, document, policy => PolicyOf(policy, id));
                var parents = Array.ConvertAll(document.Parents, static parent => new QualifiedId(parent.Schema, parent.Name));
                return new Table
                {
                    Id = id,
                    CreatedAt = origin,
                    IsForeignOwned = isForeignOwned,
                    Owner = document.Owner,
                    Grants = grants,
                    Columns = columns,
                    Comment = document.Comment,
                    Kind = document.Kind switch { 'p' => TableKind.Partitioned, 'f' => TableKind.Foreign, _ => TableKind.Ordinary },
                    Persistence = document.Persistence switch { 't' => Persistence.Temporary, 'u' => Persistence.Unlogged, _ => Persistence.Permanent },
                    RowSecurityEnabled = new Fact<bool>(document.RowSecurityEnabled, origin),
                    RowSecurityForced = new Fact<bool>(document.RowSecurityForced, origin),
                    Constraints = tableConstraints,
                    Indexes = tableIndexes,
                    Policies = tablePolicies,
                    Triggers = Parts(triggers, document, trigger => TriggerOf(trigger, id)),
                    PartitionOf = document.IsPartition && parents.Length > 0 ? parents[0] : null,
                    Inherits = document.IsPartition ? [] : parents,
                    Taints = isReadable ? [] : [origin],
                };
        }
    }

    private Column ColumnOf(ColumnDocument document, QualifiedId relation, ref bool isReadable)
    {
        var origin = Origin.Live($"column {document.Name} of {relation}");
        return new Column
        {
            Name = document.Name,
            Type = document.Type,
            IsNotNull = new Fact<bool>(document.IsNotNull, origin),
            Default = sql.Expression(document.Default, origin, ref isReadable),
            IsGenerated = document.IsGenerated,
            IsIdentity = document.IsIdentity,
            CreatedAt = origin,
            Grants = Privileges.Of(document.Grants, origin),
        };
    }

    private TableConstraint ConstraintOf(ConstraintDocument document, QualifiedId table, ref bool isReadable)
    {
        var origin = Origin.Live($"constraint {document.Name} on {table}");
        return new TableConstraint
        {
            Name = document.Name,
            Kind = document.Type switch
            {
                'p' => ConstraintKind.PrimaryKey,
                'u' => ConstraintKind.Unique,
                'f' => ConstraintKind.ForeignKey,
                'x' => ConstraintKind.Exclusion,
                _ => ConstraintKind.Check,
            },
            Columns = document.Columns,
            ReferencedTable = document.ReferencedName is null ? null : new QualifiedId(document.ReferencedSchema!, document.ReferencedName),
            ReferencedColumns = document.ReferencedColumns,
            OnDelete = ActionOf(document.OnDelete),
            OnUpdate = ActionOf(document.OnUpdate),
            Condition = sql.Expression(document.Condition, origin, ref isReadable),
            IsValidated = document.IsValidated,
            NullsNotDistinct = document.NullsNotDistinct,
            CreatedAt = origin,
        };
    }

    private TableIndex IndexOf(IndexDocument document, QualifiedId relation, ref bool isReadable)
    {
        var origin = Origin.Live($"index {document.Name} on {relation}");
        var keys = new IndexKey[document.Keys.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new IndexKey(document.Keys[i].Column, sql.Expression(document.Keys[i].Expression, origin, ref isReadable));

        return new TableIndex
        {
            Name = document.Name,
            Keys = keys,
            Include = document.Include,
            IsUnique = document.IsUnique,
            IsValid = document.IsValid,
            Method = document.Method,
            Predicate = sql.Expression(document.Predicate, origin, ref isReadable),
            NullsNotDistinct = document.NullsNotDistinct,
            Constraint = document.Constraint,
            CreatedAt = origin,
        };
    }

    private Policy PolicyOf(PolicyDocument document, QualifiedId table)
    {
        var origin = Origin.Live($"policy {document.Name} on {table}");
        var isReadable = true;
        var policy = new Policy
        {
            Name = document.Name,
            Command = document.Command switch
            {
                'r' => PolicyCommand.Select,
                'a' => PolicyCommand.Insert,
                'w' => PolicyCommand.Update,
                'd' => PolicyCommand.Delete,
                _ => PolicyCommand.All,
            },
            IsPermissive = document.IsPermissive,
            Roles = document.Roles,
            Using = sql.Expression(document.Using, origin, ref isReadable),
            WithCheck = sql.Expression(document.WithCheck, origin, ref isReadable),
            CreatedAt = origin,
            ChangedAt = origin,
            Comment = document.Comment,
        };

        // A predicate that can't be read is not a policy without one.
        return isReadable ? policy : policy with { IsTainted = true };
    }

    private static Trigger TriggerOf(TriggerDocument document, QualifiedId table)
    {
        // The bits of pg_trigger.tgtype (catalog/pg_trigger.h).
        const int ForEachRow = 1, Before = 2, Insert = 4, Delete = 8, Update = 16, Truncate = 32, InsteadOf = 64;
        var bits = document.Type;
        return new Trigger
        {
            Name = document.Name,
            Timing = (bits & Before) != 0 ? TriggerTiming.Before : (bits & InsteadOf) != 0 ? TriggerTiming.InsteadOf : TriggerTiming.After,
            OnInsert = (bits & Insert) != 0,
            OnUpdate = (bits & Update) != 0,
            OnDelete = (bits & Delete) != 0,
            OnTruncate = (bits & Truncate) != 0,
            UpdateColumns = document.Columns,
            IsForEachRow = (bits & ForEachRow) != 0,
            IsEnabled = document.IsEnabled,
            Function = new QualifiedId(document.FunctionSchema, document.FunctionName),
            CreatedAt = Origin.Live($"trigger {document.Name} on {table}"),
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

    private static T[] Parts<TDocument, T>(Dictionary<long, List<TDocument>> all, RelationDocument relation, Func<TDocument, T> part) =>
        all.TryGetValue(relation.Id, out var documents) ? [.. documents.Select(part)] : [];

    private static void Add<T>(Dictionary<long, List<T>> all, long relation, T document)
    {
        if (!all.TryGetValue(relation, out var documents))
            all.Add(relation, documents = []);

        documents.Add(document);
    }
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>A table, view, materialized view or sequence. Immutable; a changed relation is a new object.</summary>
public abstract record Relation
{
    /// <summary>Schema and name.</summary>
    public required QualifiedId Id { get; init; }

    /// <summary>The statement that made it, or the first that used it where it is assumed.</summary>
    public required Origin CreatedAt { get; init; }

    /// <summary>Used but never created in what was read: nothing is known of it but what was said.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>Made by the platform or an extension, not by the project.</summary>
    public bool IsForeignOwned { get; init; }

    /// <summary>The owner's name; null where not known.</summary>
    public string? Owner { get; init; }

    /// <summary>Privileges granted and not revoked.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Columns in order. For a view those that could be derived.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>Whether <see cref="Columns"/> is the whole truth: false for assumed relations, views over unknown relations, LIKE of an assumed table.</summary>
    public bool AreColumnsKnown { get; init; } = true;

    /// <summary>COMMENT ON, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>Origins of statements that could not be read and may have changed this relation. Questions about it answer Unknown.</summary>
    public IReadOnlyList<Origin> Taints { get; init; } = [];

    /// <summary>Those of <see cref="Taints"/> that can have changed nothing but indexes that allow all rows, and triggers.</summary>
    public IReadOnlyList<Origin> SideTaints { get; init; } = [];

    /// <summary>A statement that could not be read may have changed who reaches which row.</summary>
    public bool IsAccessTainted => Taints.Count > SideTaints.Count;

    /// <summary>The column of that name, or null.</summary>
    public Column? FindColumn(string name)
    {
        // By index: most questions come here, and an enumerator of an interface is an object each time.
        var columns = Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (string.Equals(columns[i].Name, name, StringComparison.Ordinal))
                return columns[i];
        }
        return null;
    }
}

/// <summary>What kind of table a table is.</summary>
public enum TableKind
{
    /// <summary>An ordinary table, also one that is a partition.</summary>
    Ordinary,

    /// <summary>PARTITION BY.</summary>
    Partitioned,

    /// <summary>CREATE FOREIGN TABLE.</summary>
    Foreign,
}

/// <summary>A table and all that bears on who reaches its rows.</summary>
public sealed record Table : Relation
{
    public TableKind Kind { get; init; }

    public Persistence Persistence { get; init; }

    /// <summary>ENABLE ROW LEVEL SECURITY.</summary>
    public required Fact<bool> RowSecurityEnabled { get; init; }

    /// <summary>FORCE ROW LEVEL SECURITY.</summary>
    public required Fact<bool> RowSecurityForced { get; init; }

    public IReadOnlyList<TableConstraint> Constraints { get; init; } = [];

    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];

    public IReadOnlyList<Policy> Policies { get; init; } = [];

    public IReadOnlyList<Trigger> Triggers { get; init; } = [];

    /// <summary>The partitioned table that this is a partition of.</summary>
    public QualifiedId? PartitionOf { get; init; }

    /// <summary>INHERITS parents.</summary>
    public IReadOnlyList<QualifiedId> Inherits { get; init; } = [];

    /// <summary>Made by CREATE TABLE AS or SELECT INTO: the query whose rows it copied.</summary>
    public SqlFragment<QueryStatement>? CopiedFrom { get; init; }
}

/// <summary>A view or materialized view.</summary>
public sealed record View : Relation
{
    public bool IsMaterialized { get; init; }

    /// <summary>The query; null where it could not be read.</summary>
    public SqlFragment<QueryStatement>? Query { get; init; }

    /// <summary>WITH (security_invoker = true).</summary>
    public required Fact<bool> SecurityInvoker { get; init; }

    /// <summary>WITH (security_barrier = true).</summary>
    public required Fact<bool> SecurityBarrier { get; init; }

    /// <summary>Indexes of a materialized view.</summary>
    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];
}

/// <summary>A sequence.</summary>
public sealed record Sequence : Relation
{
    /// <summary>The table that it is dropped with (serial, identity, OWNED BY).</summary>
    public QualifiedId? OwnedByTable { get; init; }

    /// <summary>The column that it is dropped with.</summary>
    public string? OwnedByColumn { get; init; }
}

/// <summary>A column of a relation.</summary>
public sealed record Column
{
    public required string Name { get; init; }

    /// <summary>The type as format_type prints it: `uuid`, `character varying(20)`, `timestamp with time zone`, `text[]`. Empty where not known.</summary>
    public required string Type { get; init; }

    /// <summary>NOT NULL, also by primary key or identity.</summary>
    public required Fact<bool> IsNotNull { get; init; }

    /// <summary>The default or generation expression.</summary>
    public SqlFragment<Expression>? Default { get; init; }

    /// <summary>GENERATED ALWAYS AS (…).</summary>
    public bool IsGenerated { get; init; }

    /// <summary>GENERATED … AS IDENTITY.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>The column definition, ADD COLUMN clause, or live column.</summary>
    public required Origin CreatedAt { get; init; }

    /// <summary>Column privileges granted and not revoked.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];
}

/// <summary>Kinds of constraints.</summary>
public enum ConstraintKind
{
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    Exclusion,
}

/// <summary>A constraint of a table. NOT NULL stands with the column.</summary>
public sealed record TableConstraint
{
    /// <summary>The name, PostgreSQL's choice where none is written.</summary>
    public required string Name { get; init; }

    public required ConstraintKind Kind { get; init; }

    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Of a foreign key.</summary>
    public QualifiedId? ReferencedTable { get; init; }

    /// <summary>Of a foreign key; empty where the referenced table's primary key is not known.</summary>
    public IReadOnlyList<string> ReferencedColumns { get; init; } = [];

    public ReferentialAction OnDelete { get; init; }

    public ReferentialAction OnUpdate { get; init; }

    /// <summary>Of a check.</summary>
    public SqlFragment<Expression>? Condition { get; init; }

    /// <summary>False after NOT VALID and before VALIDATE.</summary>
    public bool IsValidated { get; init; } = true;

    public bool NullsNotDistinct { get; init; }

    /// <summary>NO INHERIT: children of the table do not get the check (files only).</summary>
    public bool IsNoInherit { get; init; }

    public required Origin CreatedAt { get; init; }
}

/// <summary>A key of an index: a column or an expression.</summary>
public sealed record IndexKey(string? Column, SqlFragment<Expression>? Expression);

/// <summary>An index, also the one behind a primary key or unique constraint.</summary>
public sealed record TableIndex
{
    public required string Name { get; init; }

    public required IReadOnlyList<IndexKey> Keys { get; init; }

    public IReadOnlyList<string> Include { get; init; } = [];

    public bool IsUnique { get; init; }

    /// <summary>indisvalid; false after a failed CREATE INDEX CONCURRENTLY.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>btree, hash, gin, …</summary>
    public string Method { get; init; } = "btree";

    /// <summary>WHERE of a partial index.</summary>
    public SqlFragment<Expression>? Predicate { get; init; }

    public bool NullsNotDistinct { get; init; }

    /// <summary>Name of the constraint that the index belongs to.</summary>
    public string? Constraint { get; init; }

    public required Origin CreatedAt { get; init; }
}

/// <summary>A row-level security policy.</summary>
public sealed record Policy
{
    public required string Name { get; init; }

    public PolicyCommand Command { get; init; }

    public bool IsPermissive { get; init; } = true;

    /// <summary>Role names; `public` for PUBLIC and for a missing TO.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>No TO clause was written (files only).</summary>
    public bool HasImplicitRoles { get; init; }

    public SqlFragment<Expression>? Using { get; init; }

    public SqlFragment<Expression>? WithCheck { get; init; }

    public required Origin CreatedAt { get; init; }

    /// <summary>The last ALTER POLICY, or where it was created.</summary>
    public required Origin ChangedAt { get; init; }

    /// <summary>A statement that could not be read may have changed it.</summary>
    public bool IsTainted { get; init; }

    /// <summary>COMMENT ON POLICY, or null.</summary>
    public string? Comment { get; init; }
}

/// <summary>A trigger.</summary>
public sealed record Trigger
{
    public required string Name { get; init; }

    public TriggerTiming Timing { get; init; }

    public bool OnInsert { get; init; }

    public bool OnUpdate { get; init; }

    public bool OnDelete { get; init; }

    public bool OnTruncate { get; init; }

    public IReadOnlyList<string> UpdateColumns { get; init; } = [];

    public bool IsForEachRow { get; init; }

    public bool IsEnabled { get; init; } = true;

    public required QualifiedId Function { get; init; }

    public required Origin CreatedAt { get; init; }
}

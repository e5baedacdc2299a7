namespace PolicyLint.Core.Catalog;

/// <summary>A role and what it may do past RLS.</summary>
public sealed record Role
{
    public required string Name { get; init; }

    public bool IsSuperuser { get; init; }

    public bool BypassesRowSecurity { get; init; }

    public bool CanLogin { get; init; }

    /// <summary>INHERIT, the default.</summary>
    public bool Inherits { get; init; } = true;

    public IReadOnlyList<Membership> MemberOf { get; init; } = [];

    public bool IsForeignOwned { get; init; }

    /// <summary>Named but never created in what was read.</summary>
    public bool IsAssumed { get; init; }

    public required Origin CreatedAt { get; init; }
}

/// <summary>Membership in a role.</summary>
/// <param name="Role">The role that one is a member of.</param>
/// <param name="Inherits">Its privileges come without SET ROLE (PostgreSQL 16: a property of the grant).</param>
/// <param name="WithAdmin">WITH ADMIN OPTION.</param>
/// <param name="Origin">The GRANT.</param>
public sealed record Membership(string Role, bool Inherits, bool WithAdmin, Origin Origin);

/// <summary>One privilege of one grantee.</summary>
/// <param name="Privilege">Lower case: select, insert, update, delete, truncate, references, trigger, usage, execute, create, …</param>
/// <param name="Grantee">A role name; `public` for PUBLIC.</param>
/// <param name="WithGrantOption">WITH GRANT OPTION.</param>
/// <param name="Origin">The GRANT, or the default privileges that gave it.</param>
public sealed record Grant(string Privilege, string Grantee, bool WithGrantOption, Origin Origin);

/// <summary>ALTER DEFAULT PRIVILEGES: what objects made from now on are granted.</summary>
/// <param name="ForRole">The role that makes the objects; null for the current one.</param>
/// <param name="Schema">Null: everywhere.</param>
/// <param name="ObjectType">tables, sequences, functions, types, schemas.</param>
/// <param name="Privilege">Lower case.</param>
/// <param name="Grantee">A role name or `public`.</param>
/// <param name="IsRevoke">Takes away a built-in default instead.</param>
/// <param name="Origin">The statement.</param>
public sealed record DefaultPrivilege(string? ForRole, string? Schema, string ObjectType, string Privilege, string Grantee, bool IsRevoke, Origin Origin);

/// <summary>A schema.</summary>
public sealed record Schema
{
    public required string Name { get; init; }

    public string? Owner { get; init; }

    public IReadOnlyList<Grant> Grants { get; init; } = [];

    public bool IsForeignOwned { get; init; }

    public bool IsAssumed { get; init; }

    public required Origin CreatedAt { get; init; }
}

/// <summary>Kinds of types that a project makes.</summary>
public enum TypeKind
{
    Enum,
    Composite,
    Domain,
    Range,
    Other,
}

/// <summary>A type made by the project.</summary>
public sealed record UserType
{
    public required QualifiedId Id { get; init; }

    public required TypeKind Kind { get; init; }

    /// <summary>Of an enum, in order.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Of a domain: the type under it.</summary>
    public string BaseType { get; init; } = "";

    /// <summary>Of a composite type.</summary>
    public IReadOnlyList<Column> Attributes { get; init; } = [];

    public bool IsForeignOwned { get; init; }

    public required Origin CreatedAt { get; init; }
}

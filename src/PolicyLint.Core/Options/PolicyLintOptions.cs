using PolicyLint.Core.Findings;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Options;

/// <summary>
/// What policylint.yml says, after reading. Every part has a default, so that no file is needed.
/// Expressions stand as text with their place, so that an error in one points into the file.
/// </summary>
public sealed record PolicyLintOptions
{
    /// <summary>Nothing configured: platform, tenancy and roles are inferred.</summary>
    public static PolicyLintOptions Default { get; } = new();

    /// <summary>plain or supabase; null: inferred.</summary>
    public string? Platform { get; init; }

    /// <summary>Globs relative to the configuration's folder, in order; empty: found by convention.</summary>
    public IReadOnlyList<string> Migrations { get; init; } = [];

    /// <summary>Globs of rollback scripts.</summary>
    public IReadOnlyList<string> Rollbacks { get; init; } = [];

    /// <summary>Whether a migration file runs in one transaction; null: by the migration tool.</summary>
    public bool? TransactionPerFile { get; init; }

    /// <summary>Tenancy columns by name; empty: inferred from the catalog.</summary>
    public IReadOnlyList<TenancyOption> Tenancy { get; init; } = [];

    /// <summary>Roles that the application connects as or becomes; empty: the platform's (supabase: anon, authenticated), otherwise those that policies name, and PUBLIC.</summary>
    public IReadOnlyList<string> ApplicationRoles { get; init; } = [];

    /// <summary>Schemas that the application reaches; empty: public and those with tenant tables.</summary>
    public IReadOnlyList<string> ExposedSchemas { get; init; } = [];

    public IReadOnlyList<Exemption> Exemptions { get; init; } = [];

    public CSharpOptions CSharp { get; init; } = new();

    /// <summary>Severities by rule id.</summary>
    public IReadOnlyDictionary<string, Severity> Severities { get; init; } = new Dictionary<string, Severity>();

    /// <summary>Where the options were read from; null for the defaults.</summary>
    public SourceText? Source { get; init; }
}

/// <summary>A tenancy column: rows belong to whom the session expression gives.</summary>
/// <param name="Column">Column name.</param>
/// <param name="Is">`auth.uid()`: the column equals this; empty where <paramref name="In"/> is given.</param>
/// <param name="In">`select tenant_id from …`: the column is among these; empty otherwise.</param>
/// <param name="References">`auth.users(id)`: what the column points to; empty where not said.</param>
/// <param name="Span">Where the entry stands in the configuration.</param>
public sealed record TenancyOption(string Column, string Is, string In, string References, TextSpan Span);

/// <summary>Findings that are meant: rules not reported for a table.</summary>
/// <param name="Table">`schema.table`; `*` matches any part of a name.</param>
/// <param name="Rules">Rule ids; empty: all.</param>
/// <param name="Reason">Never empty.</param>
/// <param name="Span">Where the entry stands in the configuration.</param>
public sealed record Exemption(string Table, IReadOnlyList<string> Rules, string Reason, TextSpan Span);

/// <summary>The `csharp` part.</summary>
public sealed record CSharpOptions
{
    /// <summary>Members and types that stand for the authenticated user, by their full names.</summary>
    public IReadOnlyList<string> User { get; init; } = [];

    /// <summary>Full name of the base class of user-scoped repositories; empty: inferred.</summary>
    public string RepositoryBase { get; init; } = "";

    /// <summary>With RLS forced and proven isolating, a missing filter is information only.</summary>
    public bool RelyOnRls { get; init; }

    /// <summary>Further methods that take SQL: `Namespace.Type.Method(parameterName)`.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];
}

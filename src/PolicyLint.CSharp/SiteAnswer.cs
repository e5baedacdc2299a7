using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp;

/// <summary>What is known of a place that runs SQL or a query. Every place has exactly one answer: silence is never taken for safety.</summary>
public enum SiteAnswer
{
    /// <summary>It touches no tenant table.</summary>
    NoTenantTable,

    /// <summary>Row-level security is enforced and isolates.</summary>
    GuardedByRowSecurity,

    /// <summary>A predicate or query filter holds the tenancy condition.</summary>
    GuardedByPredicate,

    /// <summary>Both.</summary>
    GuardedByBoth,

    /// <summary>Rows of others are in reach.</summary>
    Open,

    /// <summary>Not decided; the reason says why.</summary>
    NotAnalysed,
}

/// <summary>The answer for one place.</summary>
/// <param name="Location">The place.</param>
/// <param name="Answer">What is known.</param>
/// <param name="Reason">Why it was not analysed; empty otherwise.</param>
public sealed record SiteCoverage(Location Location, SiteAnswer Answer, string Reason)
{
    /// <summary>What runs there.</summary>
    public SiteKind Kind { get; init; }
}

/// <summary>What a place runs.</summary>
public enum SiteKind
{
    /// <summary>A query of EF Core.</summary>
    Query,

    /// <summary>SQL whose text is known on some path, holes included.</summary>
    Sql,

    /// <summary>SQL whose text is not known.</summary>
    UnknownSql,
}

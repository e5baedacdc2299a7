using PolicyLint.Core.Findings;
using PolicyLint.CSharp;

namespace PolicyLint.Cli.Code;

/// <summary>What is known of a place in C# that runs SQL or a query.</summary>
/// <param name="Location">The place.</param>
/// <param name="Answer">What is known.</param>
/// <param name="Reason">Why it was not analysed; empty otherwise.</param>
internal sealed record CoveredSite(Location Location, SiteAnswer Answer, string Reason)
{
    /// <summary>The answers with their names in reports, in the order of reports.</summary>
    public static IReadOnlyList<(SiteAnswer Answer, string Name, string Words)> Answers { get; } =
    [
        (SiteAnswer.GuardedByRowSecurity, "rowSecurity", "guarded by row-level security"),
        (SiteAnswer.GuardedByPredicate, "condition", "guarded by a condition"),
        (SiteAnswer.GuardedByBoth, "both", "guarded by both"),
        (SiteAnswer.Open, "open", "open"),
        (SiteAnswer.NoTenantTable, "noTenantTable", "without a tenant table"),
        (SiteAnswer.NotAnalysed, "notAnalysed", "not analysed"),
    ];
}

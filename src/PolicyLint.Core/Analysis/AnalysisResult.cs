using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Analysis;

/// <summary>What an analysis found and what it rests on.</summary>
/// <param name="Findings">In order of path, place, rule; suppressed ones left out.</param>
/// <param name="Catalog">The catalog after the migrations.</param>
/// <param name="Changes">What the migrations did, in order; empty for a live catalog.</param>
/// <param name="Inferences">What was inferred because nothing was configured, in words: `tenancy: user_id = auth.uid() (12 tables)`.</param>
/// <param name="Statements">Number of statements read.</param>
/// <param name="Suppressed">Number of findings that suppressions and exemptions took out.</param>
public sealed record AnalysisResult(
    IReadOnlyList<Finding> Findings, DatabaseCatalog Catalog, IReadOnlyList<CatalogChange> Changes, IReadOnlyList<string> Inferences, int Statements, int Suppressed)
{
    /// <summary>The tenancy that the rules went by: for judging C# with the same one.</summary>
    public required Tenancy Tenancy { get; init; }

    /// <summary>Rules that failed, with where and why: faults of PolicyLint, not of the input.</summary>
    public IReadOnlyList<string> InternalErrors { get; init; } = [];
}

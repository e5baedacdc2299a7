namespace PolicyLint.CSharp;

/// <summary>What an operation comes to.</summary>
/// <param name="Findings">What its rules say.</param>
/// <param name="Coverage">What is known of the SQL or query that it runs; null where it runs none.</param>
public sealed record SiteJudgement(IReadOnlyList<SiteFinding> Findings, SiteCoverage? Coverage)
{
    /// <summary>Of what does not concern the database.</summary>
    public static SiteJudgement None { get; } = new([], null);
}

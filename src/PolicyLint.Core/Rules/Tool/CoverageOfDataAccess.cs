using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class CoverageOfDataAccess : ToolRule
{
    /// <summary>The one instance, for the hosts.</summary>
    public static CoverageOfDataAccess Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9008",
        Name = "coverage-of-data-access",
        Severity = Severity.Information,
        Title = "How many places that run SQL or a query are guarded",
        What = "Counts, once for each project, the places in C# that run SQL or a query of EF Core: guarded by row-level security, by a condition, by both, open, without a tenant table, or not analysed, with the reasons.",
        Why = "No finding at a place means little where the place could not be read: silence must not be taken for safety.",
        Fix = "`policylint check --coverage App.sln` lists the places that were not analysed. A text that is constant can be read.",
        Bad = "",
        Good = "",
    };
}

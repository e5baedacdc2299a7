using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Live;

internal sealed class ExpectationFailed : ToolRule
{
    /// <summary>The one instance, for the verifier.</summary>
    public static ExpectationFailed Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL7001",
        Name = "expectation-failed",
        Severity = Severity.Error,
        Title = "The database is not as the plan expects it",
        What = "Reports each expectation of a verification plan (`policylint verify --plan FILE`) that does not hold of the database, at its line in the plan, with what was found instead.",
        Why = "A migration that ran without an error can still have left a row without a tenant, an index that is not valid, or a table without row-level security.",
        Fix = "Mend the database, or run the rollback; where the plan is wrong, correct the plan.",
        Bad = "",
        Good = "",
        IsLive = true,
    };
}

using PolicyLint.Core.Verification;

namespace PolicyLint.Live.Verification;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>What the plan expects holds.</summary>
    Passed,

    /// <summary>It does not hold.</summary>
    Failed,

    /// <summary>It could not be checked: no privilege, a timeout, a lost connection, a broken query.</summary>
    NotChecked,
}

/// <summary>One expectation and what came of it.</summary>
/// <param name="Expectation">What was expected.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Found">What was found, or why it was not checked.</param>
/// <param name="Duration">What the server took for it; checks that share a query share its time.</param>
public sealed record CheckResult(Expectation Expectation, CheckOutcome Outcome, string Found, TimeSpan Duration);

/// <summary>What came of a phase of a plan.</summary>
/// <param name="Results">In the order of the plan.</param>
/// <param name="Refusal">Why the guard refused the database; null where it did not. Nothing was checked then.</param>
/// <param name="Identity">Which database it was, as the server says: name, address, version, user.</param>
public sealed record PlanRun(IReadOnlyList<CheckResult> Results, string? Refusal, string Identity);

/// <summary>How a plan is run.</summary>
public sealed record PlanRunOptions
{
    /// <summary>How many connections look at data at once.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>The share of each table's pages that counts of its rows look at, in percent; null for the whole table.</summary>
    public decimal? SamplePercent { get; init; }

    /// <summary>Limits of every statement.</summary>
    public SafeSessionOptions Session { get; init; } = new();
}

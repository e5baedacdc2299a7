using PolicyLint.Core.Migrations;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Verification;

/// <summary>When in a change a part of a plan is run.</summary>
public enum PlanPhase
{
    /// <summary>Before the migration: may it run?</summary>
    Before,

    /// <summary>After it: did it do what it was meant to do?</summary>
    After,

    /// <summary>After a rollback: is the old state back?</summary>
    Rollback,
}

/// <summary>What must hold of a database before, after, and after the rollback of a change: the runbook's checks, one a line.</summary>
public sealed record VerificationPlan
{
    /// <summary>The plan's text; places of expectations are places in it.</summary>
    public required SourceText Source { get; init; }

    /// <summary>Which database the plan is for; null where any will do.</summary>
    public PlanGuard? Guard { get; init; }

    /// <summary>The migration file that the change begins with: `before` is the state without it and those after it. Empty where the plan does not say.</summary>
    public string From { get; init; } = "";

    /// <summary>In order of the text.</summary>
    public IReadOnlyList<Expectation> Before { get; init; } = [];

    /// <summary>In order of the text.</summary>
    public IReadOnlyList<Expectation> After { get; init; } = [];

    /// <summary>In order of the text.</summary>
    public IReadOnlyList<Expectation> Rollback { get; init; } = [];

    /// <summary>The expectations of a phase.</summary>
    public IReadOnlyList<Expectation> Of(PlanPhase phase) => phase switch
    {
        PlanPhase.Before => Before,
        PlanPhase.After => After,
        _ => Rollback,
    };
}

/// <summary>What the database must be and must not be. Nothing else is asked of a database that the guard refuses.</summary>
/// <param name="Databases">Patterns (`*`, `?`) of the names that it may have; empty for any.</param>
/// <param name="NotDatabases">Patterns of names that it must not have.</param>
/// <param name="Hosts">Patterns of the hosts that it may be on; empty for any.</param>
/// <param name="NotHosts">Patterns of hosts that it must not be on.</param>
/// <param name="Query">A query whose one value must be <paramref name="Answer"/>; empty for none.</param>
/// <param name="Answer">As text.</param>
/// <param name="Span">Where the guard stands in the plan.</param>
public sealed record PlanGuard(
    IReadOnlyList<string> Databases, IReadOnlyList<string> NotDatabases, IReadOnlyList<string> Hosts, IReadOnlyList<string> NotHosts,
    string Query, string Answer, TextSpan Span)
{
    /// <summary>Why the guard refuses a database by its name and host, or null where it does not.</summary>
    /// <param name="database">As the server says it.</param>
    /// <param name="host">As the connection says it.</param>
    public string? Refusal(string database, string host)
    {
        if (Databases.Count > 0 && !MatchesAny(Databases, database))
            return $"the database is {database}, the plan is for {string.Join(" or ", Databases)}";
        if (MatchesAny(NotDatabases, database))
            return $"the database is {database}, which the plan excludes";
        if (Hosts.Count > 0 && !MatchesAny(Hosts, host))
            return $"the host is {host}, the plan is for {string.Join(" or ", Hosts)}";
        return MatchesAny(NotHosts, host) ? $"the host is {host}, which the plan excludes" : null;
    }

    /// <summary>Whether a name is one that the plan names itself: what writes may only run where it was meant to.</summary>
    public bool Names(string database) => MatchesAny(Databases, database);

    private static bool MatchesAny(IReadOnlyList<string> patterns, string text)
    {
        foreach (var pattern in patterns)
        {
            if (GlobPattern.IsMatch(pattern, text))
                return true;
        }
        return false;
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Probing;

/// <summary>How far probes go.</summary>
public enum ProbeMode
{
    /// <summary>Rows that are there, in a read-only transaction.</summary>
    Read,

    /// <summary>Rows that are made, in a transaction that is rolled back.</summary>
    Write,
}

/// <summary>How an attempt to get at a row ended.</summary>
public enum ProbeOutcome
{
    /// <summary>The row stayed out of reach.</summary>
    Kept,

    /// <summary>Someone got at a row that is not theirs.</summary>
    Leaked,

    /// <summary>It went through, and whose the row is can't be told.</summary>
    Unjudged,

    /// <summary>It could not be tried.</summary>
    NotProbed,
}

/// <summary>One attempt of one session on one row.</summary>
/// <param name="Table">Whose row.</param>
/// <param name="Role">The role that the session had.</param>
/// <param name="Attempt">What was tried: `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `blind UPDATE`, `blind DELETE`, `take over`, `re-own`.</param>
/// <param name="Session">Who tried.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Verdict">What the prover says of the isolation of the same table, command and role.</param>
/// <param name="Detail">The server's words, or why it was not tried.</param>
public sealed record ProbeResult(QualifiedId Table, string Role, string Attempt, string Session, ProbeOutcome Outcome, Verdict? Verdict, string Detail)
{
    /// <summary>What was proven and what happened exclude each other: one of the two, prover or probe, is wrong.</summary>
    public bool Contradicts => Outcome == ProbeOutcome.Leaked && Verdict is Verdict.Proven;
}

/// <summary>What came of probing a database.</summary>
/// <param name="Results">In order of tables, roles and attempts.</param>
/// <param name="TenantTables">How many tables were to be probed.</param>
/// <param name="Synthesised">For how many of them a row could be made or was there.</param>
public sealed record ProbeRun(IReadOnlyList<ProbeResult> Results, int TenantTables, int Synthesised)
{
    /// <summary>Why nothing, or not everything, could be tried: a role that can't be taken on, a connection that was lost. Empty where nothing stood in the way.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];
}

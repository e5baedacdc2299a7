using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Logic;

/// <summary>The answer to a question of entailment. There is no fourth one, and Unknown is never taken for either of the others.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Holds for every row and session that the schema allows.</summary>
    /// <param name="Assumptions">What the proof rests on beyond the schema's constraints, in words; empty for none.</param>
    public sealed record Proven(IReadOnlyList<string> Assumptions) : Verdict;

    /// <summary>Does not hold: the witness is a row and a session that show it, checked by an evaluator that is not the prover.</summary>
    public sealed record Refuted(Witness Witness) : Verdict;

    /// <summary>Not decided, and why.</summary>
    /// <param name="Reason">The kind of reason.</param>
    /// <param name="Detail">In words.</param>
    /// <param name="Span">What could not be decided, in the text of the question's first expression; null where no place is known.</param>
    public sealed record Unknown(UnknownReason Reason, string Detail, TextSpan? Span = null) : Verdict
    {
        /// <summary>A row and a session that refute it if functions that could not be looked into say what its conditions name; null for none.</summary>
        public Witness? Candidate { get; init; }
    }
}

/// <summary>Why a question was not decided (PROVER 2.7).</summary>
public enum UnknownReason
{
    UnsupportedSyntax,
    OuterJoin,
    Aggregate,
    Limit,
    SetOperation,
    ScalarCardinality,
    OpaqueFunction,
    VolatileFunction,
    MayRaise,
    CyclicDependency,
    CollationOrder,
    IntegerGap,
    Budget,
    SchemaMissing,
    PolicyRecursion,
    ModelReplayFailed,
    Tainted,
}

/// <summary>A row and a session that refute an entailment.</summary>
/// <param name="Session">Session expression to value as SQL literal: `auth.uid()` to `'…a'`.</param>
/// <param name="Rows">The rows that must exist; the first is the one let in.</param>
/// <param name="Conditions">What was assumed of functions that could not be looked into; empty for none.</param>
public sealed record Witness(IReadOnlyDictionary<string, string> Session, IReadOnlyList<WitnessRow> Rows, IReadOnlyList<string> Conditions)
{
    /// <summary>In words: `a session with auth.uid() = '…a' reaches the row clients(id = 1, org_id = '…b', tenant_id = NULL)`.</summary>
    public override string ToString()
    {
        var session = Session.Count == 0 ? "any session" : "a session with " + string.Join(", ", Pairs(Session));
        var text = session + (Rows.Count == 0 ? "" : " reaches the row " + Rows[0]);
        for (var i = 1; i < Rows.Count; i++)
            text += (i == 1 ? ", given " : ", ") + Rows[i];
        return Conditions.Count == 0 ? text : text + ", if " + string.Join(" and ", Conditions);
    }

    internal static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string> values)
    {
        foreach (var pair in values)
            yield return pair.Key + " = " + pair.Value;
    }
}

/// <summary>A row of a witness: column to SQL literal, in column order.</summary>
public sealed record WitnessRow(string Table, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>The relation with its schema; null where it is not one of the catalog's.</summary>
    public QualifiedId? Relation { get; init; }

    /// <summary>`clients(id = 1, org_id = '…b')`.</summary>
    public override string ToString() => Table + "(" + string.Join(", ", Witness.Pairs(Values)) + ")";
}

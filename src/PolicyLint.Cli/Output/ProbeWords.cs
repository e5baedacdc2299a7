using PolicyLint.Core.Logic;
using PolicyLint.Live.Probing;

namespace PolicyLint.Cli.Output;

/// <summary>What came of probes, with what the prover says of the same question, in words.</summary>
internal static class ProbeWords
{
    /// <summary>`kept out`, `let in`.</summary>
    public static string Of(ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.Kept => "kept out",
        ProbeOutcome.Leaked => "let in",
        ProbeOutcome.Unjudged => "not judged",
        _ => "not probed",
    };

    /// <summary>`kept-out`, `let-in`.</summary>
    public static string Key(ProbeOutcome outcome) => Of(outcome).Replace(' ', '-');

    /// <summary>`proven`, `refuted`, `unknown`; null where the prover was not asked.</summary>
    public static string? Key(Verdict? verdict) => verdict switch
    {
        null => null,
        Verdict.Proven => "proven",
        Verdict.Refuted => "refuted",
        _ => "unknown",
    };

    /// <summary>Why a question was not decided; null where it was.</summary>
    public static string? Reason(Verdict? verdict) => (verdict as Verdict.Unknown)?.Detail;

    /// <summary>The attempts that ended alike, on one table as one role: `public.notes as authenticated: SELECT, UPDATE (prover: keeps users apart)`.</summary>
    public static IEnumerable<(ProbeOutcome Outcome, bool Contradicts, string Text)> Lines(ProbeRun run)
    {
        foreach (var group in run.Results.Where(static result => result.Outcome != ProbeOutcome.NotProbed)
            .GroupBy(static result => (result.Table, result.Role, result.Outcome, Said: Said(result.Verdict))))
        {
            var attempts = string.Join(", ", group.Select(static result => result.Attempt).Distinct());
            yield return (group.Key.Outcome, group.Any(static result => result.Contradicts), $"{group.Key.Table} as {group.Key.Role}: {attempts} (prover: {group.Key.Said})");
        }
    }

    private static string Said(Verdict? verdict) => verdict switch
    {
        null => "not asked",
        Verdict.Proven => "keeps users apart",
        Verdict.Refuted refuted => "lets in " + (refuted.Witness.Rows.Count > 0 ? refuted.Witness.Rows[0].ToString() : "any row"),
        Verdict.Unknown unknown => "not decided, " + unknown.Detail,
        _ => "",
    };
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;

namespace PolicyLint.Live.Witnesses;

/// <summary>Says of trials whether they show what a witness tells.</summary>
internal static class WitnessJudge
{
    /// <summary>Of a change, both states must have been tried; otherwise the later one.</summary>
    public static WitnessReplay Judge(AccessWitness witness, WitnessTrial? before, WitnessTrial? after)
    {
        if (before is { IsTried: false } || after is not { IsTried: true })
            return new(WitnessOutcome.NotTried, before is { IsTried: false } ? "before: " + before.Detail : after?.Detail ?? "the state was not reached");
        if (witness.Across is null)
        {
            var isIn = witness.Clause == PolicyClause.WithCheck ? after.IsWritten : after.IsReached;
            return isIn == witness.IsLetIn ? new(WitnessOutcome.Confirmed, "") : new(WitnessOutcome.NotConfirmed, isIn ? "it went through" : after.Detail);
        }
        var (had, has) = witness.IsLetIn ? (after, before!) : (before!, after);
        var isShown = (had.IsReached && !has.IsReached) || (had.IsWritten && !has.IsWritten);
        return isShown ? new(WitnessOutcome.Confirmed, "") : new(WitnessOutcome.NotConfirmed, $"before: {Words(before!)}; after: {Words(after)}");
    }

    private static string Words(WitnessTrial trial) =>
        trial.IsWritten ? "it goes through" : trial.IsReached ? "it is reached and can't be written: " + trial.Detail : trial.Detail;
}

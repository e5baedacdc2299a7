using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Output;

/// <summary>What came of a witness on a server, in words.</summary>
internal static class ReplayWords
{
    /// <summary>`confirmed on a server`, `NOT confirmed on a server: no row`.</summary>
    public static string Of(WitnessReplay replay) => replay.Outcome switch
    {
        WitnessOutcome.Confirmed => "confirmed on a server",
        WitnessOutcome.NotConfirmed => "NOT confirmed on a server: " + replay.Detail,
        _ => "not tried on a server: " + replay.Detail,
    };

    /// <summary>`confirmed`, `not-confirmed`, `not-tried`.</summary>
    public static string Key(WitnessOutcome outcome) => outcome switch
    {
        WitnessOutcome.Confirmed => "confirmed",
        WitnessOutcome.NotConfirmed => "not-confirmed",
        _ => "not-tried",
    };
}

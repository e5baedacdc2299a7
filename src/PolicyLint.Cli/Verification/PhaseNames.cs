using PolicyLint.Core.Verification;

namespace PolicyLint.Cli.Verification;

/// <summary>Phases as the command line and plans name them.</summary>
internal static class PhaseNames
{
    public static IReadOnlyList<string> All { get; } = ["before", "after", "rollback"];

    public static string Of(PlanPhase phase) => All[(int)phase];

    public static PlanPhase Parse(string name) => name switch { "before" => PlanPhase.Before, "rollback" => PlanPhase.Rollback, _ => PlanPhase.After };
}

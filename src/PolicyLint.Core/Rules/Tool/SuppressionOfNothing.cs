using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class SuppressionOfNothing : ToolRule
{
    /// <summary>The one instance, for the engine.</summary>
    public static SuppressionOfNothing Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9003",
        Name = "suppression-of-nothing",
        Severity = Severity.Warning,
        Title = "Suppression that suppresses nothing",
        What = "Reports a `policylint:ignore` comment for a rule that reports nothing where the comment stands.",
        Why = "A suppression that outlives its finding hides the next one.",
        Fix = "Take the comment out, or move it to the statement that it is meant for.",
        Bad = """
            -- policylint:ignore PL1009 no longer needed
            -- ^^^ PL9003: Nothing here is reported by PL1009
            create table public.rate_limits (key text primary key, hits int not null);
            """,
        Good = """
            create table public.rate_limits (key text primary key, hits int not null);
            """,
    };
}

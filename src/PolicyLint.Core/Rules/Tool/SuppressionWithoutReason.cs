using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class SuppressionWithoutReason : ToolRule
{
    /// <summary>The one instance, for the engine.</summary>
    public static SuppressionWithoutReason Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9002",
        Name = "suppression-without-reason",
        Severity = Severity.Warning,
        Title = "Suppression without a reason, without rules, or past its date",
        What = "Reports a `policylint:ignore` comment that gives no reason, names no rule, or whose `until` date has passed. Such a comment suppresses nothing.",
        Why = "Whoever reads an accepted leak later must know why it was accepted, and whether that still holds.",
        Fix = "Write the reason behind the rule's id, or take the comment out and mend what it hid.",
        Bad = """
            -- policylint:ignore PL1009
            -- ^^^ PL9002: The suppression of PL1009 gives no reason
            select 1;
            """,
        Good = """
            create table public.rate_limits (key text primary key, hits int not null);
            -- policylint:ignore PL1009 counters of the gateway, no user's data
            alter table public.rate_limits disable row level security;
            """,
    };
}

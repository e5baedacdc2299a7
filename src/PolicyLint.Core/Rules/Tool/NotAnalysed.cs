using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class NotAnalysed : ToolRule
{
    /// <summary>The one instance, for the hosts.</summary>
    public static NotAnalysed Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9007",
        Name = "not-analysed",
        Severity = Severity.Warning,
        Title = "Something was not analysed",
        What = "Says what was not checked and why: a rule that failed, a file that could not be read.",
        Why = "Silence must not be taken for safety.",
        Fix = "Where a rule failed, report it with the input that caused it.",
        Bad = "",
        Good = "",
    };
}

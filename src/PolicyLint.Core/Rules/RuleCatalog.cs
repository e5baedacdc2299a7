using PolicyLint.Core.Rules.Tool;

namespace PolicyLint.Core.Rules;

/// <summary>All rules of this assembly, one line each, in order of their ids. A test compares the list with the types that exist.</summary>
public static class RuleCatalog
{
    /// <summary>In order of ids.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        SyntaxErrors.Rule,
        SuppressionWithoutReason.Rule,
        SuppressionOfNothing.Rule,
        UnknownEffect.Rule,
    ];

    /// <summary>The rule with that id, or null.</summary>
    public static RuleInfo? Find(string id)
    {
        foreach (var rule in All)
        {
            if (string.Equals(rule.Info.Id, id, StringComparison.OrdinalIgnoreCase))
                return rule.Info;
        }
        return null;
    }
}

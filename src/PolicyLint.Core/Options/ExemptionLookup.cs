using PolicyLint.Core.Migrations;

namespace PolicyLint.Core.Options;

/// <summary>Whether the configuration accepts what a rule says of a table.</summary>
public static class ExemptionLookup
{
    /// <summary>True where an exemption names the table and the rule, or the table and no rule.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="ruleId">The rule.</param>
    /// <param name="table">`schema.table`.</param>
    public static bool IsExempt(this PolicyLintOptions options, string ruleId, string table)
    {
        foreach (var exemption in options.Exemptions)
        {
            if (!GlobPattern.IsMatch(exemption.Table, table))
                continue;
            if (exemption.Rules.Count == 0)
                return true;
            foreach (var rule in exemption.Rules)
            {
                if (string.Equals(rule, ruleId, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }
        return false;
    }
}

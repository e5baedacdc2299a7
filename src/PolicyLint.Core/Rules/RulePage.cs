using System.Text;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules;

/// <summary>A rule's page: what `explain` prints and what stands in rules/.</summary>
public static class RulePage
{
    /// <summary>The page as Markdown, ending with a line break.</summary>
    public static string Render(RuleInfo rule)
    {
        var isCSharp = rule.Id[2] is '5' or '6';
        var fence = isCSharp ? "csharp" : "sql";
        var page = new StringBuilder();
        page.Append("# ").Append(rule.Id).Append(' ').Append(rule.Name).Append("\n\n");
        page.Append(rule.Title).Append(".\n\n");
        page.Append("| category | severity | since | live database | rests on the prover |\n| --- | --- | --- | --- | --- |\n");
        page.Append("| ").Append(rule.Category).Append(" | ").Append(Word(rule.Severity)).Append(" | ").Append(rule.Since)
            .Append(" | ").Append(rule.IsLive ? "yes" : "no").Append(" | ").Append(rule.UsesProver ? "yes" : "no").Append(" |\n\n");
        Section(page, "What it reports", rule.What);
        Section(page, "Why it matters", rule.Why);
        Section(page, "What to do", rule.Fix);
        if (rule.CodeFix.Length > 0)
            Section(page, "Code fix", rule.CodeFix);
        if (rule.ExampleConfiguration.Length > 0)
            Example(page, "Configuration of the examples", "yaml", rule.ExampleConfiguration);
        Example(page, "Reported", fence, rule.Bad);
        Example(page, "Not reported", fence, rule.Good);
        Section(page, "Where it is meant", isCSharp
            ? "`#pragma warning disable " + rule.Id + "`, or a severity in `.editorconfig` or `policylint.yml`."
            : rule.MayBeIntended ? "`-- policylint:intended " + rule.Id + " reason` on the line before the statement."
            : "`-- policylint:ignore " + rule.Id + " reason` on the line before the statement, or an exemption with a reason in `policylint.yml`.");
        if (rule.Sources.Count > 0)
        {
            page.Append("## Sources\n\n");
            foreach (var source in rule.Sources)
                page.Append("- ").Append(source).Append('\n');
            page.Append('\n');
        }
        page.Length--;
        return page.ToString();
    }

    private static void Section(StringBuilder page, string heading, string text) =>
        page.Append("## ").Append(heading).Append("\n\n").Append(text.Trim()).Append("\n\n");

    private static void Example(StringBuilder page, string heading, string fence, string text)
    {
        if (text.Length > 0)
            page.Append("## ").Append(heading).Append("\n\n```").Append(fence).Append('\n').Append(text.Trim('\n')).Append("\n```\n\n");
    }

    private static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Information => "information",
        _ => "none",
    };
}

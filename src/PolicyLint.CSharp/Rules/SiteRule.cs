using PolicyLint.Core.Access;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Rules;

/// <summary>A rule over the SQL that a place in C# runs. It holds no state.</summary>
public abstract class SiteRule : Rule
{
    /// <summary>Reports what is wrong with the statement.</summary>
    public abstract void Check(SiteRuleContext context);
}

/// <summary>One statement of a place in C#.</summary>
/// <param name="statement">The statement.</param>
/// <param name="occurrences">The tenant tables in it, judged.</param>
/// <param name="report">Takes rule, span in the SQL and message.</param>
public sealed class SiteRuleContext(Statement statement, IReadOnlyList<TenantOccurrence> occurrences, Action<RuleInfo, TextSpan, string> report)
{
    public Statement Statement { get; } = statement;

    public IReadOnlyList<TenantOccurrence> Occurrences { get; } = occurrences;

    /// <summary>Reports a finding at a part of the SQL.</summary>
    public void Report(Rule rule, TextSpan span, string message) => report(rule.Info, span, message);
}

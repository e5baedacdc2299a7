using PolicyLint.Core.Findings;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.CSharp.Tests;

/// <summary>What a rule's page shows is what the rule does.</summary>
public sealed class RuleExampleTests
{
    public static TheoryData<string> Rules => [.. CSharpRuleCatalog.All.Select(rule => rule.Info.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_bad_example_gives_exactly_the_marked_findings(string id)
    {
        var rule = CSharpRuleCatalog.All.Single(r => r.Info.Id == id).Info;

        MarkedCode.AssertFindings(rule.Bad, id, rule.ExampleConfiguration);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_good_example_gives_none(string id)
    {
        var rule = CSharpRuleCatalog.All.Single(r => r.Info.Id == id).Info;

        Assert.Empty(MarkedCode.Analyze(rule.Good, rule.ExampleConfiguration).Where(finding => finding.Rule.Id == id || finding.Severity >= Severity.Warning).Select(MarkedCode.Describe));
    }
}

using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Testing;

namespace PolicyLint.Core.Tests.Rules;

/// <summary>What a rule's page shows is what the rule does.</summary>
public sealed class RuleExampleTests
{
    public static TheoryData<string> Rules => [.. RuleCatalog.All.Where(rule => rule.Info.Bad.Length > 0).Select(rule => rule.Info.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_bad_example_gives_exactly_the_marked_findings(string id)
    {
        var rule = RuleCatalog.Find(id)!;
        Assert.NotEmpty(CaretMarkup.Read(rule.Bad));
        MarkedSql.AssertFindings(rule.Bad, id, rule.ExampleConfiguration);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_good_example_gives_no_finding_of_any_rule(string id)
    {
        var rule = RuleCatalog.Find(id)!;
        var findings = MarkedSql.Analyze(rule.Good, rule.ExampleConfiguration);
        Assert.Empty(findings.Where(f => f.Severity >= Severity.Warning || f.Rule.Id == id).Select(f => f.Rule.Id + " " + f.Message));
    }
}

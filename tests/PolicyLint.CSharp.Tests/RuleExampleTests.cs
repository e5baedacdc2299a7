using PolicyLint.CSharp.Rules;
using PolicyLint.Testing;

namespace PolicyLint.CSharp.Tests;

/// <summary>What a rule's page shows is what the rule does. Its first line is the schema, as a comment.</summary>
public sealed class RuleExampleTests
{
    public static TheoryData<string> Rules => [.. CSharpRuleCatalog.All.Select(rule => rule.Info.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_bad_example_gives_exactly_the_marked_findings(string id)
    {
        var rule = CSharpRuleCatalog.All.Single(r => r.Info.Id == id).Info;
        var expected = CaretMarkup.Read(rule.Bad);

        var found = Compiled.Check(SchemaOf(rule.Bad), rule.Bad);

        Assert.Equal(
            expected.Select(e => (e.Rule, e.Line, e.Column ?? 0)),
            found.Select(f => (f.Rule.Id, f.Location.GetLineSpan().StartLinePosition.Line, f.Location.GetLineSpan().StartLinePosition.Character)));
        Assert.All(expected.Zip(found), pair => Assert.Contains(pair.First.Message, pair.Second.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_good_example_gives_none(string id)
    {
        var rule = CSharpRuleCatalog.All.Single(r => r.Info.Id == id).Info;

        Assert.Empty(Compiled.Check(SchemaOf(rule.Good), rule.Good));
    }

    private static string SchemaOf(string example) => example.Split('\n')[0].TrimStart('/', ' ');
}

using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Core.Tests.Rules;

/// <summary>What a rule's page shows is what the rule does.</summary>
public sealed class RuleExampleTests
{
    public static TheoryData<string> Rules
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var rule in RuleCatalog.All)
            {
                if (rule.Info.Bad.Length > 0)
                    data.Add(rule.Info.Id);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_bad_example_gives_exactly_the_marked_findings(string id)
    {
        var rule = RuleCatalog.Find(id)!;
        var expected = CaretMarkup.Read(rule.Bad);
        Assert.NotEmpty(expected);

        var found = Analyze(rule.Bad).Where(f => f.Rule.Id == id).ToList();

        Assert.Equal(expected.Count, found.Count);
        foreach (var (mark, finding) in expected.Zip(found))
        {
            var place = finding.Location.Source!.GetPosition(LocationIn(rule.Bad, finding));
            Assert.Equal(mark.Line, place.Line);
            if (mark.Column is { } column)
                Assert.Equal(column, place.Column);
            Assert.Contains(mark.Message, finding.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_good_example_gives_no_finding_of_any_rule(string id) =>
        Assert.Empty(Analyze(RuleCatalog.Find(id)!.Good).Where(f => f.Severity >= Severity.Warning).Select(f => f.Rule.Id + " " + f.Message));

    // A line `-- file: name` begins another file; offsets stay those of the whole example.
    private static IReadOnlyList<Finding> Analyze(string example)
    {
        var files = new List<InputFile>();
        var start = 0;
        var name = "example.sql";
        foreach (var line in example.Split('\n'))
        {
            if (line.StartsWith("-- file: ", StringComparison.Ordinal))
                name = line["-- file: ".Length..].Trim();
        }
        var parts = example.Split("-- file: ");
        if (parts.Length == 1)
            files.Add(new(new SourceText(example, name), ScriptRole.Migration, IsOneTransaction: false));
        else
        {
            start = parts[0].Length;
            foreach (var part in parts.Skip(1))
            {
                // Blanks before the part keep its places those of the example.
                var text = Blank(example[..start]) + "-- file: " + part;
                files.Add(new(new SourceText(text, part.Split('\n')[0].Trim()), ScriptRole.Migration, IsOneTransaction: false));
                start += "-- file: ".Length + part.Length;
            }
        }
        var result = SqlAnalyzer.Analyze(new(files, PolicyLintOptions.Default, AnalysisLimits.Cli));
        Assert.Empty(result.InternalErrors);
        return result.Findings;
    }

    private static int LocationIn(string example, Finding finding) => finding.Location.Span.Start <= example.Length ? finding.Location.Span.Start : 0;

    private static string Blank(string text) => new([.. text.Select(c => c == '\n' ? c : ' ')]);
}

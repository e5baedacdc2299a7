using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Core.Tests.Rules;

/// <summary>
/// SQL with its expected findings in caret comments, as in a rule's examples. `-- file: 2.sql` begins another migration,
/// a name with `rollback` in it a rollback script; `-- config: roles: [app]` lines make up a policylint.yml.
/// </summary>
internal static class MarkedSql
{
    private const string FileMark = "-- file: ";
    private const string ConfigurationMark = "-- config: ";

    /// <summary>The findings of the rule are those that the text marks, at their places and with their messages.</summary>
    public static void AssertFindings(string text, string ruleId, string configuration = "")
    {
        var expected = CaretMarkup.Read(text);
        Assert.All(expected, mark => Assert.Equal(ruleId, mark.Rule));
        var found = Analyze(text, configuration).Where(finding => finding.Rule.Id == ruleId).OrderBy(finding => finding.Location.Span.Start).ToList();

        Assert.True(expected.Count == found.Count, $"{expected.Count} findings are marked, there are {found.Count}:\n{string.Join("\n", found.Select(Describe))}");
        foreach (var (mark, finding) in expected.Zip(found))
        {
            var place = finding.Location.Source!.GetPosition(finding.Location.Span.Start);
            Assert.True(mark.Line == place.Line && (mark.Column ?? place.Column) == place.Column, $"line {mark.Line + 1}, column {mark.Column + 1} is marked; found {Describe(finding)}");
            Assert.Contains(mark.Message, finding.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What the rules find. Offsets are those of the whole text.</summary>
    public static IReadOnlyList<Finding> Analyze(string text, string configuration = "")
    {
        var result = SqlAnalyzer.Analyze(new(Files(text), Options(text, configuration), AnalysisLimits.Cli));
        Assert.Empty(result.InternalErrors);
        return result.Findings;
    }

    private static List<InputFile> Files(string text)
    {
        var parts = text.Split(FileMark);
        if (parts.Length == 1)
            return [new(new SourceText(text, "example.sql"), ScriptRole.Migration, IsOneTransaction: false)];
        var files = new List<InputFile>();
        var start = parts[0].Length;
        foreach (var part in parts.Skip(1))
        {
            // Blanks before the part keep its places those of the whole text.
            var name = part.Split('\n')[0].Trim();
            var role = name.Contains("rollback", StringComparison.Ordinal) ? ScriptRole.Rollback : ScriptRole.Migration;
            files.Add(new(new SourceText(Blank(text[..start]) + FileMark + part, name), role, IsOneTransaction: false));
            start += FileMark.Length + part.Length;
        }
        return files;
    }

    private static PolicyLintOptions Options(string text, string configuration)
    {
        var lines = text.Split('\n').Where(line => line.StartsWith(ConfigurationMark, StringComparison.Ordinal)).Select(line => line[ConfigurationMark.Length..].TrimEnd('\r'));
        var yaml = configuration + string.Join("\n", lines);
        if (yaml.Length == 0)
            return PolicyLintOptions.Default;
        var result = ConfigurationReader.Read(new SourceText(yaml, "policylint.yml"), [.. RuleCatalog.All.Select(rule => rule.Info.Id)]);
        Assert.Empty(result.Errors);
        return result.Options;
    }

    private static string Blank(string text) => new([.. text.Select(c => c == '\n' ? c : ' ')]);

    private static string Describe(Finding finding)
    {
        var place = finding.Location.Source?.GetPosition(finding.Location.Span.Start);
        return $"{finding.Location.Path}({place?.Line + 1},{place?.Column + 1}): {finding.Rule.Id}: {finding.Message}";
    }
}

using Microsoft.CodeAnalysis;
using PolicyLint.Configuration;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.CSharp.Rules;
using PolicyLint.Testing;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Tests;

/// <summary>
/// C# with its expected findings in caret comments, as in a rule's examples. Comment lines at the top are the schema in SQL,
/// `// config: ` lines among them a policylint.yml; `// file: appsettings.json` begins another file.
/// </summary>
internal sealed class MarkedCode
{
    private const string FileMark = "// file: ";
    private const string ConfigurationMark = "// config: ";
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly string _text;

    private MarkedCode(string text) => _text = text.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>The findings are those that the text marks, at their places and with their messages.</summary>
    /// <param name="text">The marked code.</param>
    /// <param name="ruleId">The rule that is looked at, where its findings alone are marked.</param>
    /// <param name="configuration">Configuration beside that of the text.</param>
    public static void AssertFindings(string text, string ruleId, string configuration = "")
    {
        var expected = CaretMarkup.Read(text);
        Assert.All(expected, mark => Assert.Equal(ruleId, mark.Rule));
        var found = Analyze(text, configuration).Where(finding => finding.Rule.Id == ruleId).OrderBy(finding => Place(finding)).ToList();

        var isSame = expected.Count == found.Count && expected.Zip(found).All(pair => pair.First.Line == Place(pair.Second).Line && (pair.First.Column ?? Place(pair.Second).Column) == Place(pair.Second).Column);
        Assert.True(isSame, $"Marked:\n{string.Join("\n", expected.Select(mark => $"({mark.Line + 1},{mark.Column + 1})"))}\nFound:\n{string.Join("\n", found.Select(Describe))}");
        Assert.All(expected.Zip(found), pair => Assert.Contains(pair.First.Message, pair.Second.Message, StringComparison.Ordinal));
    }

    /// <summary>What the rules find. Lines are those of the whole text.</summary>
    public static IReadOnlyList<SiteFinding> Analyze(string text, string configuration = "") => new MarkedCode(text).Analyze(configuration);

    public static string Describe(SiteFinding finding) => $"({Place(finding).Line + 1},{Place(finding).Column + 1}): {finding.Severity} {finding.Rule.Id}: {finding.Message}";

    private static (int Line, int Column) Place(SiteFinding finding)
    {
        var start = finding.Location.GetLineSpan().StartLinePosition;
        return (start.Line, start.Character);
    }

    private IReadOnlyList<SiteFinding> Analyze(string configuration)
    {
        var head = _text.Split('\n').TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith(FileMark, StringComparison.Ordinal)).ToList();
        var schema = head.Where(line => !line.StartsWith(ConfigurationMark, StringComparison.Ordinal)).Select(line => line[2..].Trim());
        var yaml = configuration + string.Join("\n", head.Where(line => line.StartsWith(ConfigurationMark, StringComparison.Ordinal)).Select(line => line[ConfigurationMark.Length..]));
        var files = Files();
        return Compiled.Check(
            string.Join("\n", schema), [("Usings.cs", GlobalUsings), .. files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal))],
            Options(yaml), [.. files.Where(file => !file.Path.EndsWith(".cs", StringComparison.Ordinal)).Select(file => new SqlSource(file.Text, file.Path))]);
    }

    private List<(string Path, string Text)> Files()
    {
        var parts = ("\n" + _text).Split("\n" + FileMark);
        var files = new List<(string Path, string Text)> { ("Code.cs", parts[0].Length > 0 ? parts[0][1..] : "") };
        var lines = parts[0].Count(c => c == '\n');
        foreach (var part in parts.Skip(1))
        {
            // Blank lines before the part keep its lines those of the whole text.
            var name = part.Split('\n')[0].Trim();
            files.Add((name, new string('\n', lines) + part[part.Split('\n')[0].Length..]));
            lines += 1 + part.Count(c => c == '\n');
        }
        return files;
    }

    private static PolicyLintOptions Options(string yaml)
    {
        if (yaml.Length == 0)
            return PolicyLintOptions.Default;
        var result = ConfigurationReader.Read(new SqlSource(yaml, "policylint.yml"), [.. CSharpRuleCatalog.All.Select(rule => rule.Info.Id)]);
        Assert.Empty(result.Errors);
        return result.Options;
    }
}

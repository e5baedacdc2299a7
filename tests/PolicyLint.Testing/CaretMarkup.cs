using System.Text.RegularExpressions;

namespace PolicyLint.Testing;

/// <summary>An expectation that stands in an example: a finding on a line, perhaps at a column, whose message holds a text.</summary>
/// <param name="Line">0-based line that the finding starts on.</param>
/// <param name="Column">0-based column; null where the carets stand under the comment marker and say the line only.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Message">Part of the message; may be empty.</param>
public sealed record ExpectedFinding(int Line, int? Column, string Rule, string Message);

/// <summary>
/// Carets in a comment under the text that is meant: `--   ^^^ PL1001: part of the message`. Carets in the first columns, where the
/// comment marker leaves no room, mean the line above as a whole.
/// </summary>
public static partial class CaretMarkup
{
    [GeneratedRegex(@"^\s*(--|//)\s*(?<carets>\^+)\s+(?<rule>PL\d{4})(:\s*(?<message>.*))?$")]
    private static partial Regex Mark();

    /// <summary>The expectations of an example, in order.</summary>
    public static IReadOnlyList<ExpectedFinding> Read(string text)
    {
        var expected = new List<ExpectedFinding>();
        var lines = text.Split('\n');
        var last = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var match = Mark().Match(lines[i].TrimEnd('\r'));
            if (!match.Success)
            {
                last = i;
                continue;
            }
            var column = match.Groups["carets"].Index;
            expected.Add(new(last, column <= 3 ? null : column, match.Groups["rule"].Value, match.Groups["message"].Value.Trim()));
        }
        return expected;
    }
}

using System.Globalization;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Core.Rules.Tool;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Analysis;

/// <summary>
/// Comments that accept findings: `-- policylint:ignore PL1001 reason`, `policylint:intended PL3001 reason`, `policylint:ignore-file PL1001 reason`,
/// each with `until 2027-01-31` after the ids where it is to end. On a line of its own a comment covers the statement that follows,
/// inside a statement the next line, behind code its own line.
/// </summary>
internal sealed class Suppressions
{
    private readonly List<Suppression> _all = [];
    private readonly Func<DateTime>? _today;
    private readonly RuleRun _run;

    private Suppressions(Func<DateTime>? today, RuleRun run)
    {
        _today = today;
        _run = run;
    }

    /// <summary>The findings that no comment accepts, with those about the comments themselves.</summary>
    public static List<Finding> Apply(List<Finding> findings, IReadOnlyList<Script> scripts, Func<DateTime>? today, RuleRun run, out int suppressed)
    {
        var suppressions = new Suppressions(today, run);
        foreach (var script in scripts)
            suppressions.Read(script.Tree.Source, script.Tree.Statements, script.Tree.Comments);
        suppressed = 0;
        var before = findings.Count;
        var kept = new List<Finding>(before);
        for (var i = 0; i < before; i++)
        {
            if (suppressions.Covers(findings[i]))
                suppressed++;
            else
                kept.Add(findings[i]);
        }
        suppressions.ReportFaults();
        for (var i = before; i < findings.Count; i++)
            kept.Add(findings[i]);
        return kept;
    }

    private bool Covers(Finding finding)
    {
        var covered = false;
        foreach (var suppression in _all)
        {
            if (suppression.Fault is not null || !ReferenceEquals(suppression.Source, finding.Location.Source))
                continue;
            var start = finding.Location.Span.Start;
            if (start < suppression.Scope.Start || start > suppression.Scope.End || !suppression.Rules.Contains(finding.Rule.Id))
                continue;
            suppression.Used.Add(finding.Rule.Id);
            covered = true;
        }
        return covered;
    }

    private void ReportFaults()
    {
        foreach (var suppression in _all)
        {
            var place = new Location(suppression.Source, suppression.Span);
            if (suppression.Fault is { } fault)
            {
                _run.Report(SuppressionWithoutReason.Rule, place, suppression.Source.Path + "/" + string.Join(",", suppression.Rules), fault);
                continue;
            }
            foreach (var rule in suppression.Rules)
            {
                if (suppression.Used.Contains(rule))
                    continue;
                var message = RuleCatalog.Find(rule) is null ? $"There is no SQL rule {rule} to suppress" : $"Nothing here is reported by {rule}: the suppression can go";
                _run.Report(SuppressionOfNothing.Rule, place, suppression.Source.Path + "/" + rule, message);
            }
        }
    }

    private void Read(SourceText source, IReadOnlyList<Statement> statements, IReadOnlyList<TextSpan> comments)
    {
        foreach (var span in comments)
        {
            var text = source.GetText(span).Trim('-', '/', '*', ' ', '\t', '\r', '\n');
            if (!text.StartsWith("policylint:", StringComparison.Ordinal))
                continue;
            var words = text.Substring("policylint:".Length).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0] is "ignore" or "intended" or "ignore-file")
                _all.Add(Parse(source, span, words, statements));
        }
    }

    private Suppression Parse(SourceText source, TextSpan span, string[] words, IReadOnlyList<Statement> statements)
    {
        var rules = new List<string>();
        var next = 1;
        for (; next < words.Length && IsRuleList(words[next]); next++)
            rules.AddRange(words[next].Split([','], StringSplitOptions.RemoveEmptyEntries));
        string? fault = null;
        if (next + 1 < words.Length && words[next] == "until")
        {
            if (!DateTime.TryParseExact(words[next + 1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until))
                fault = $"`{words[next + 1]}` is not a date: write until 2027-01-31";
            else if (_today?.Invoke() > until)
                fault = $"The suppression of {string.Join(", ", rules)} ended on {words[next + 1]}";
            next += 2;
        }
        if (rules.Count == 0)
            fault = "A suppression names the rules that it accepts: policylint:ignore PL1001 reason";
        else if (next >= words.Length)
            fault ??= $"The suppression of {string.Join(", ", rules)} gives no reason";
        else if (words[0] == "intended" && rules.Find(rule => !RuleInfo.IsChange(rule)) is { } other)
            fault ??= $"{other} reports no change that could be intended: write policylint:ignore";
        var scope = words[0] == "ignore-file" ? new TextSpan(0, source.Text.Length) : ScopeOf(source, span, statements);
        return new(source, span, scope, rules, fault);
    }

    private static bool IsRuleList(string word) => word.Length >= 6 && word.StartsWith("PL", StringComparison.Ordinal) && char.IsDigit(word[2]);

    private static TextSpan ScopeOf(SourceText source, TextSpan comment, IReadOnlyList<Statement> statements)
    {
        var line = source.GetPosition(comment.Start).Line;
        var lineSpan = source.GetLine(line);
        for (var i = lineSpan.Start; i < comment.Start; i++)
        {
            if (!char.IsWhiteSpace(source.Text[i]))
                return lineSpan;
        }
        foreach (var statement in statements)
        {
            if (statement.End <= comment.Start)
                continue;
            if (statement.Start > comment.Start)
                return statement.Span;
            return line + 1 < source.LineCount ? source.GetLine(line + 1) : lineSpan;
        }
        return lineSpan;
    }

    private sealed class Suppression(SourceText source, TextSpan span, TextSpan scope, IReadOnlyList<string> rules, string? fault)
    {
        public SourceText Source { get; } = source;

        public TextSpan Span { get; } = span;

        public TextSpan Scope { get; } = scope;

        public IReadOnlyList<string> Rules { get; } = rules;

        /// <summary>Why it does not count.</summary>
        public string? Fault { get; } = fault;

        public HashSet<string> Used { get; } = new(StringComparer.Ordinal);
    }
}

using System.Globalization;
using System.Text;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Output;

/// <summary>A comment for a pull request: what was found, what could not be checked and how much is suppressed.</summary>
internal sealed class MarkdownReportWriter : IReportWriter
{
    // GitHub takes comments of 65,536 characters; a longer one is refused as a whole.
    private const int MaximumLength = 60_000;

    public void Write(Report report, TextWriter output)
    {
        var text = new StringBuilder("## PolicyLint: ").Append(ReportSummary.Severities(report)).Append("\n\n");
        foreach (var plan in report.Plans)
            AppendPlan(text, plan);
        if (report.Findings.Count > 0)
            AppendFindings(text, report.Findings);
        AppendList(text, "Not checked", [.. report.Problems.Select(problem => problem.ToString())]);
        AppendList(text, "Internal errors", report.InternalErrors);
        AppendList(text, "Probes", [.. report.Probes.SelectMany(static probes => ProbeWords.Lines(probes.Run)).Select(static line => $"{ProbeWords.Of(line.Outcome)}: {line.Text}")]);
        AppendList(text, "What this rests on", report.Notes);
        text.Append(ReportSummary.Extent(report)).Append(". ")
            .Append(ReportSummary.Plural(report.Suppressed, "finding")).Append(" suppressed in the files or exempted in policylint.yml");
        if (report.Known > 0)
            text.Append(", ").Append(report.Known).Append(" known from before and not shown");
        output.Write(text.Append(".\n").ToString());
    }

    // The execution log that runbooks ask for: who ran what on which database, when, and what every check found.
    private static void AppendPlan(StringBuilder text, PlanLog plan)
    {
        text.Append("### ").Append(Escape(plan.Plan.Source.Path)).Append(", ").Append(PhaseNames.Of(plan.Phase)).Append("\n\n");
        text.Append("| database | started | ended | result |\n| --- | --- | --- | --- |\n| ").Append(Escape(plan.Database))
            .Append(" | ").Append(Time(plan.Started)).Append(" | ").Append(Time(plan.Ended)).Append(" | ").Append(ReportSummary.Checks(plan)).Append(" |\n\n");
        text.Append("| | line | check | found | ms |\n| --- | ---: | --- | --- | ---: |\n");
        foreach (var result in plan.Results)
        {
            var mark = result.Outcome switch { CheckOutcome.Passed => "ok", CheckOutcome.Failed => "**failed**", _ => "**not checked**" };
            text.Append("| ").Append(mark).Append(" | ").Append(plan.Plan.Source.GetPosition(result.Expectation.Span.Start).Line + 1)
                .Append(" | ").Append(Escape(result.Expectation.Statement)).Append(" | ").Append(Escape(result.Found))
                .Append(" | ").Append((long)result.Duration.TotalMilliseconds).Append(" |\n");
        }
        text.Append('\n');
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void AppendFindings(StringBuilder text, IReadOnlyList<Finding> findings)
    {
        text.Append("| severity | rule | where | what |\n| --- | --- | --- | --- |\n");
        // What weighs most comes first: it must not be what is cut off.
        var shown = 0;
        foreach (var finding in findings.OrderByDescending(finding => finding.Severity))
        {
            if (text.Length > MaximumLength)
                break;
            var place = Place.Of(finding.Location);
            text.Append("| ").Append(SeverityNames.Of(finding.Severity))
                .Append(" | [").Append(finding.Rule.Id).Append("](").Append(finding.Rule.HelpLink).Append(") ").Append(finding.Rule.Name)
                .Append(" | ").Append(Escape(place.IsLive ? place.Path : $"{place.Path}:{place.Line}"))
                .Append(" | ").Append(Escape(finding.Message));
            if (finding.Witness is { } witness)
                text.Append("<br>Witness: ").Append(Escape(witness));
            if (finding.Replay is { } replay)
                text.Append(" (").Append(Escape(ReplayWords.Of(replay))).Append(')');
            text.Append(" |\n");
            shown++;
        }
        text.Append('\n');
        if (shown < findings.Count)
            text.Append(findings.Count - shown).Append(" more are not shown here: run `policylint check`.\n\n");
    }

    private static void AppendList(StringBuilder text, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0 || text.Length > MaximumLength)
            return;
        text.Append("<details><summary>").Append(title).Append(" (").Append(items.Count).Append(")</summary>\n\n");
        foreach (var item in items.Take(100))
            text.Append("- ").Append(Escape(item)).Append('\n');
        if (items.Count > 100)
            text.Append("- and ").Append(items.Count - 100).Append(" more\n");
        text.Append("\n</details>\n\n");
    }

    // Names come from the files: they must not end a cell, become markup or call on people.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\r' or '\n' or '\t')
                escaped.Append(' ');
            else if (c is '<' or '>' or '&' or '@')
                escaped.Append("&#").Append((int)c).Append(';');
            else if (c is '\\' or '`' or '*' or '[' or ']' or '|' or '~' || (c == '_' && !IsInsideWord(text, i)))
                escaped.Append('\\').Append(c);
            else
                escaped.Append(char.IsControl(c) ? '\uFFFD' : c);
        }
        return escaped.ToString();
    }

    private static bool IsInsideWord(string text, int i) => i > 0 && i + 1 < text.Length && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]);
}

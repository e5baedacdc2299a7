using System.Globalization;
using System.Text;
using PolicyLint.Cli.Code;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;
using PolicyLint.CSharp;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Output;

/// <summary>For people: each finding with its line and the place underlined, then a summary.</summary>
internal sealed class TextReportWriter(bool useColor) : IReportWriter
{
    private const int MaximumWidth = 160;
    private const int MostProbes = 200;

    // What stands between ESC [ and m (ECMA-48, SGR).
    private const string Plain = "";
    private const string Bold = "1";
    private const string Quiet = "90";
    private const string Gutter = "34";
    private const string Failure = "1;31";

    public void Write(Report report, TextWriter output)
    {
        foreach (var plan in report.Plans)
            WritePlan(output, plan);
        foreach (var probes in report.Probes)
            WriteProbes(output, probes);
        foreach (var finding in report.Findings)
            WriteFinding(output, finding);
        foreach (var problem in report.Problems)
            Line(output, ("not checked", Failure), (": " + problem, Plain));
        foreach (var error in report.InternalErrors)
            Line(output, ("internal error", Failure), (": " + error, Plain));
        if (report.InternalErrors.Count > 0)
            Line(output, (InternalErrors.HowToReport, Plain));
        foreach (var note in report.Notes)
            Line(output, ("note: " + note, Quiet));
        if (report.Coverage is { } coverage)
            WriteCoverage(output, coverage);
        Line(output, (Summary(report), Bold));
    }

    private void WriteCoverage(TextWriter output, IReadOnlyList<CoveredSite> coverage)
    {
        Line(output, ($"{coverage.Count} places in C# run SQL or a query", Bold));
        foreach (var (answer, _, words) in CoveredSite.Answers)
        {
            var count = coverage.Count(site => site.Answer == answer);
            if (count > 0)
                Line(output, ($"{count,7}  {words}", Plain));
        }
        foreach (var site in coverage.Where(site => site.Answer == SiteAnswer.NotAnalysed))
            Line(output, ("not analysed", StyleOf(Severity.Warning)), ($" {Place.Of(site.Location)}", Plain), ($": {site.Reason}", Quiet));
    }

    private void WritePlan(TextWriter output, PlanLog plan)
    {
        Line(output, ($"{plan.Plan.Source.Path}, {PhaseNames.Of(plan.Phase)}, on {plan.Database}", Bold));
        foreach (var result in plan.Results)
        {
            var (word, style) = result.Outcome switch
            {
                CheckOutcome.Passed => ("  ok           ", "32"),
                CheckOutcome.Failed => ("  failed       ", StyleOf(Severity.Error)),
                _ => ("  not checked  ", StyleOf(Severity.Warning)),
            };
            Line(output, (word, style), (Visible(result.Expectation.Statement), Plain), ($" ({Visible(result.Found)})", Quiet));
        }
        Line(output, ($"{ReportSummary.Checks(plan)} in {(plan.Ended - plan.Started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s", Bold));
        output.Write('\n');
    }

    private void WriteProbes(TextWriter output, ProbeLog log)
    {
        var lines = ProbeWords.Lines(log.Run).ToList();
        if (lines.Count == 0)
            return;
        Line(output, ($"probes of {log.Database}", Bold));
        foreach (var (outcome, contradicts, text) in lines.Take(MostProbes))
        {
            var style = contradicts ? Failure : outcome == ProbeOutcome.Kept ? "32" : StyleOf(outcome == ProbeOutcome.Leaked ? Severity.Error : Severity.Warning);
            Line(output, ($"  {ProbeWords.Of(outcome),-10}   ", style), (Visible(text), contradicts ? Failure : Plain));
        }
        if (lines.Count > MostProbes)
            Line(output, ($"  and {lines.Count - MostProbes} more lines: --format json lists every attempt", Quiet));
        output.Write('\n');
    }

    private void WriteFinding(TextWriter output, Finding finding)
    {
        var style = StyleOf(finding.Severity);
        Line(output, (SeverityNames.Of(finding.Severity), style), ($" {finding.Rule.Id} {finding.Rule.Name}", Bold), (": " + finding.Message, Plain));
        WriteExcerpt(output, finding.Location, style);
        foreach (var related in finding.Related)
            Line(output, ("   = ", Gutter), (Place.Of(related.Location).ToString(), Plain), (": " + related.Message, Quiet));
        if (finding.Witness is { } witness)
            Line(output, ("   = ", Gutter), ("witness: " + witness, Plain));
        if (finding.Replay is { } replay)
            Line(output, ("   = ", Gutter), ("the witness is " + ReplayWords.Of(replay), replay.Outcome == WitnessOutcome.NotConfirmed ? Failure : Plain));
        output.Write('\n');
    }

    private void WriteExcerpt(TextWriter output, Location location, string style)
    {
        Line(output, ("  --> ", Gutter), (Place.Of(location).ToString(), Plain));
        if (location.Source is not { } source)
            return;
        var start = source.GetPosition(location.Span.Start);
        var lineSpan = source.GetLine(start.Line);
        var line = source.GetText(lineSpan);
        var length = Math.Max(1, Math.Min(location.Span.Length, line.Length - start.Column));

        // A long line is shown around its place only.
        var from = start.Column > MaximumWidth - 40 ? start.Column - 40 : 0;
        var shown = line.Length - from > MaximumWidth ? string.Concat(line.AsSpan(from, MaximumWidth), "…") : line[from..];
        var prefix = from > 0 ? "…" : "";
        var number = (start.Line + 1).ToString(CultureInfo.InvariantCulture);
        var gutter = Repeat(" ", number.Length);
        var indent = string.Concat(prefix, line.AsSpan(from, Math.Min(start.Column, line.Length) - from));

        Line(output, ($" {gutter} |", Gutter));
        Line(output, ($" {number} | ", Gutter), (prefix + Visible(shown), Plain));
        Line(output, ($" {gutter} | ", Gutter), (Repeat(" ", Visible(indent).Length), Plain), (Repeat("^", Math.Min(length, MaximumWidth)), style));
    }

    // Filling a string with a character is vectorised, and so the one thing here that would have to be compiled at run time.
    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Summary(Report report)
    {
        var parts = new List<string> { ReportSummary.Severities(report) };
        if (report.Suppressed > 0)
            parts.Add($"{report.Suppressed} suppressed");
        if (report.Known > 0)
            parts.Add($"{report.Known} known");
        if (report.Problems.Count > 0)
            parts.Add($"{report.Problems.Count} not checked");
        return $"{string.Join(", ", parts)} in {ReportSummary.Extent(report)}";
    }

    private static string StyleOf(Severity severity) => severity switch
    {
        Severity.Error => Failure,
        Severity.Warning => "1;33",
        _ => "1;36",
    };

    // Tabs and control characters would move the underline, or the terminal's cursor.
    private static string Visible(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var visible = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c == '\t')
                visible.Append("    ");
            else
                visible.Append(char.IsControl(c) ? '·' : c);
        }
        return visible.ToString();
    }

    private void Line(TextWriter output, params (string Text, string Style)[] parts)
    {
        foreach (var (text, style) in parts)
        {
            if (useColor && style.Length > 0)
            {
                output.Write("\u001b[");
                output.Write(style);
                output.Write('m');
                output.Write(text);
                output.Write("\u001b[0m");
            }
            else
                output.Write(text);
        }
        output.Write('\n');
    }
}

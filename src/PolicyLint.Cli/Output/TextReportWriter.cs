using System.Globalization;
using System.Text;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;
using PolicyLint.Live.Verification;
using Spectre.Console;

namespace PolicyLint.Cli.Output;

/// <summary>For people: each finding with its line and the place underlined, then a summary.</summary>
internal sealed class TextReportWriter(bool useColor) : IReportWriter
{
    private const int MaximumWidth = 160;

    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Gutter = new(Color.Blue);

    public void Write(Report report, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = useColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = useColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new WideOutput(output),
        });
        foreach (var plan in report.Plans)
            WritePlan(console, plan);
        foreach (var finding in report.Findings)
            WriteFinding(console, finding);
        foreach (var problem in report.Problems)
            Line(console, ("not checked", new Style(Color.Red, decoration: Decoration.Bold)), (": " + problem, Style.Plain));
        foreach (var error in report.InternalErrors)
            Line(console, ("internal error", new Style(Color.Red, decoration: Decoration.Bold)), (": " + error, Style.Plain));
        if (report.InternalErrors.Count > 0)
            Line(console, (InternalErrors.HowToReport, Style.Plain));
        foreach (var note in report.Notes)
            Line(console, ("note: " + note, Quiet));
        Line(console, (Summary(report), new Style(decoration: Decoration.Bold)));
    }

    private static void WritePlan(IAnsiConsole console, PlanLog plan)
    {
        Line(console, ($"{plan.Plan.Source.Path}, {PhaseNames.Of(plan.Phase)}, on {plan.Database}", new Style(decoration: Decoration.Bold)));
        foreach (var result in plan.Results)
        {
            var (word, style) = result.Outcome switch
            {
                CheckOutcome.Passed => ("  ok           ", new Style(Color.Green)),
                CheckOutcome.Failed => ("  failed       ", StyleOf(Severity.Error)),
                _ => ("  not checked  ", StyleOf(Severity.Warning)),
            };
            Line(console, (word, style), (Visible(result.Expectation.Statement), Style.Plain), ($" ({Visible(result.Found)})", Quiet));
        }
        Line(console, ($"{ReportSummary.Checks(plan)} in {(plan.Ended - plan.Started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s", new Style(decoration: Decoration.Bold)));
        console.WriteLine();
    }

    private static void WriteFinding(IAnsiConsole console, Finding finding)
    {
        var style = StyleOf(finding.Severity);
        Line(console, (SeverityNames.Of(finding.Severity), style), ($" {finding.Rule.Id} {finding.Rule.Name}", new Style(decoration: Decoration.Bold)), (": " + finding.Message, Style.Plain));
        WriteExcerpt(console, finding.Location, style);
        foreach (var related in finding.Related)
            Line(console, ("   = ", Gutter), (Place.Of(related.Location).ToString(), Style.Plain), (": " + related.Message, Quiet));
        if (finding.Witness is { } witness)
            Line(console, ("   = ", Gutter), ("witness: " + witness, Style.Plain));
        console.WriteLine();
    }

    private static void WriteExcerpt(IAnsiConsole console, Location location, Style style)
    {
        Line(console, ("  --> ", Gutter), (Place.Of(location).ToString(), Style.Plain));
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
        var gutter = new string(' ', number.Length);
        var indent = string.Concat(prefix, line.AsSpan(from, Math.Min(start.Column, line.Length) - from));

        Line(console, ($" {gutter} |", Gutter));
        Line(console, ($" {number} | ", Gutter), (prefix + Visible(shown), Style.Plain));
        Line(console, ($" {gutter} | ", Gutter), (new string(' ', Visible(indent).Length), Style.Plain), (new string('^', Math.Min(length, MaximumWidth)), style));
    }

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

    private static Style StyleOf(Severity severity) => severity switch
    {
        Severity.Error => new(Color.Red, decoration: Decoration.Bold),
        Severity.Warning => new(Color.Yellow, decoration: Decoration.Bold),
        _ => new(Color.Aqua, decoration: Decoration.Bold),
    };

    // Tabs and control characters would move the underline, or the terminal's cursor.
    private static string Visible(string text)
    {
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

    private static void Line(IAnsiConsole console, params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        foreach (var (text, style) in parts)
            console.Write(text, style);
        console.WriteLine();
    }

    /// <summary>An output that is never wrapped: a finding's line stays one line in a log.</summary>
    private sealed class WideOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => 1 << 20;

        public int Height => 1 << 10;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}

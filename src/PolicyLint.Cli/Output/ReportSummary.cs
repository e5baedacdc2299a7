using PolicyLint.Core.Findings;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Output;

/// <summary>The numbers of a report in words.</summary>
internal static class ReportSummary
{
    /// <summary>`1 error, 2 warnings, 0 information`.</summary>
    public static string Severities(Report report) =>
        $"{Plural(report.Count(Severity.Error), "error")}, {Plural(report.Count(Severity.Warning), "warning")}, {report.Count(Severity.Information)} information";

    /// <summary>`2 files, 31 statements`.</summary>
    public static string Extent(Report report) => $"{Plural(report.Files, "file")}, {Plural(report.Statements, "statement")}";

    /// <summary>`31 checks passed, 1 failed, 0 not checked`.</summary>
    public static string Checks(PlanLog plan) =>
        $"{Plural(plan.Count(CheckOutcome.Passed), "check")} passed, {plan.Count(CheckOutcome.Failed)} failed, {plan.Count(CheckOutcome.NotChecked)} not checked";

    public static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}

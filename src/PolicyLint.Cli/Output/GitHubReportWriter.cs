using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Output;

/// <summary>Workflow commands that GitHub shows as annotations on the changed lines.</summary>
internal sealed class GitHubReportWriter : IReportWriter
{
    public void Write(Report report, TextWriter output)
    {
        foreach (var finding in report.Findings)
        {
            var level = finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "notice" };
            var place = Place.Of(finding.Location);
            var position = place.IsLive
                ? ""
                : $"file={Property(place.Path)},line={place.Line},endLine={place.EndLine},col={place.Column},endColumn={place.EndColumn},";
            var message = place.IsLive ? $"{place.Path}: {finding.Message}" : finding.Message;
            if (finding.Witness is { } witness)
                message += "\nwitness: " + witness;
            output.Write($"::{level} {position}title={Property(finding.Rule.Id + " " + finding.Rule.Name)}::{Data(message)}\n");
        }
        foreach (var problem in report.Problems)
            output.Write($"::error title=PolicyLint could not check this::{Data(problem.ToString())}\n");
        foreach (var error in report.InternalErrors)
            output.Write($"::error title=PolicyLint internal error::{Data(error)}\n");
    }

    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}

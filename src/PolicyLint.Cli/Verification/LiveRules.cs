using PolicyLint.Core.Analysis;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live;
using PolicyLint.Live.Catalog;

namespace PolicyLint.Cli.Verification;

/// <summary>Reads a server's catalog and runs the rules over it.</summary>
internal static class LiveRules
{
    /// <summary>The catalog and, where the request asks for the rules, their findings.</summary>
    /// <exception cref="SessionException">The catalog can't be read.</exception>
    public static async Task<AnalysisResult> RunAsync(
        DatabaseTarget target, PolicyLintOptions options, VerifyRequest request, List<Problem> problems, CancellationToken cancellation)
    {
        var session = await SafeSession.OpenAsync(target, request.Run.Session, cancellation).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var reading = await CatalogReader.ReadAsync(session, request.Files is { } files ? PlatformSql.Find(files.Replay.Catalog.Platform) : null, cancellation).ConfigureAwait(false);
            foreach (var issue in reading.Issues)
                problems.Add(new(issue.Origin.Description, issue.Message));
            var result = SqlAnalyzer.AnalyzeLive(reading.Catalog, options, AnalysisLimits.Cli, cancellation);
            return request.RunsRules ? result : result with { Findings = [], Inferences = [], Suppressed = 0 };
        }
    }
}

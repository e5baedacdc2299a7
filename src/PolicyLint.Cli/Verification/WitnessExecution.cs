using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Live;
using PolicyLint.Live.Scratch;
using PolicyLint.Live.Witnesses;

namespace PolicyLint.Cli.Verification;

/// <summary>Replays the witnesses of findings on a scratch server and says which of them it does not confirm.</summary>
internal static class WitnessExecution
{
    private static readonly RuleInfo NotConfirmed = RuleCatalog.Find("PL7005")!;

    /// <summary>
    /// The findings on what a database holds, with what came of their witnesses; those of the files that tell of a change, which only a server that
    /// takes the migrations one by one can show; and one for each witness that is not what the server does.
    /// </summary>
    /// <param name="cluster">The scratch server.</param>
    /// <param name="database">The database that all migrations were applied to.</param>
    /// <param name="input">The project.</param>
    /// <param name="fromFiles">The analysis of its files.</param>
    /// <param name="live">The analysis of what the database holds.</param>
    /// <param name="cancellation">Stops between trials.</param>
    /// <exception cref="ScratchException">The server was lost.</exception>
    /// <exception cref="SessionException">A database can't be read.</exception>
    public static async Task<AnalysisResult> RunAsync(
        ScratchCluster cluster, ScratchDatabase database, AnalysisInput input, AnalysisResult fromFiles, AnalysisResult live, CancellationToken cancellation)
    {
        var held = await WitnessReplays.ReplayAsync(database.Target, live.Catalog, input.Options, live.Findings, cancellation).ConfigureAwait(false);
        var changes = await WitnessReplays.ReplayAsync(
            cluster, database.Name + "_states", input, fromFiles.Catalog, [.. fromFiles.Findings.Where(static finding => finding.Access?.Across is not null)], cancellation).ConfigureAwait(false);
        List<Finding> findings = [.. held, .. changes];
        var replayed = findings.Where(static finding => finding.Replay is not null).ToList();
        if (replayed.Count == 0)
            return live;
        var contradicted = Fingerprints.Assign([.. replayed.Where(static finding => finding.Replay!.Outcome == WitnessOutcome.NotConfirmed).Select(Contradiction)]);
        return live with { Findings = [.. contradicted, .. findings], Inferences = [.. live.Inferences, .. Notes(replayed)] };
    }

    private static Finding Contradiction(Finding finding) => new()
    {
        Rule = NotConfirmed,
        Severity = NotConfirmed.Severity,
        Message = $"The witness of {finding.Rule.Id} on {finding.Subject} is NOT confirmed on a server: {finding.Replay!.Detail}",
        Location = finding.Location,
        Witness = finding.Witness,
        Subject = finding.Subject + "/" + finding.Rule.Id,
    };

    private static IEnumerable<string> Notes(List<Finding> replayed)
    {
        var confirmed = replayed.Count(static finding => finding.Replay!.Outcome == WitnessOutcome.Confirmed);
        yield return $"replayed {replayed.Count} witnesses: {confirmed} confirmed on a server";
        foreach (var finding in replayed.Where(static finding => finding.Replay!.Outcome == WitnessOutcome.NotTried))
            yield return $"not replayed: the witness of {finding.Rule.Id} on {finding.Subject}: {finding.Replay!.Detail}";
    }
}

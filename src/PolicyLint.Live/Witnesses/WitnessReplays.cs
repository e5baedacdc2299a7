using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Witnesses;

/// <summary>
/// Replays the witnesses of findings on a scratch server: their rows are inserted, the session is taken on, and the command is run in the state that
/// the finding is about, or before and after a change. Nothing stays.
/// </summary>
public static class WitnessReplays
{
    /// <summary>The findings with what came of their witnesses; those without one as they are.</summary>
    /// <param name="cluster">Where a database for it is made.</param>
    /// <param name="name">Its name, and the beginning of the names of its copies.</param>
    /// <param name="input">The files that the findings are about, and what is configured.</param>
    /// <param name="replayed">The catalog that their replay gave.</param>
    /// <param name="findings">Of the analysis of the files.</param>
    /// <param name="cancellationToken">Stops between trials.</param>
    /// <exception cref="ScratchException">The server was lost.</exception>
    /// <exception cref="SessionException">The server's catalog can't be read.</exception>
    public static async Task<IReadOnlyList<Finding>> ReplayAsync(
        ScratchCluster cluster, string name, AnalysisInput input, ICatalog replayed, IReadOnlyList<Finding> findings, CancellationToken cancellationToken = default)
    {
        var told = findings.Where(static finding => finding.Access is not null).ToList();
        if (told.Count == 0)
            return findings;
        try
        {
            var states = new DatabaseStates(cluster, name, input, replayed, cancellationToken);
            await states.VisitAsync(told).ConfigureAwait(false);
            return [.. findings.Select(finding => finding.Access is null ? finding : finding with { Replay = states.Judge(finding) })];
        }
        catch (NpgsqlException e)
        {
            throw new SessionException($"Replaying witnesses stopped: {e.Message}", (e as PostgresException)?.SqlState);
        }
    }

    /// <summary>The same for findings about what one database holds now.</summary>
    /// <param name="target">The database, of a scratch server.</param>
    /// <param name="catalog">What it holds.</param>
    /// <param name="options">What is configured.</param>
    /// <param name="findings">Of the analysis of the catalog.</param>
    /// <param name="cancellationToken">Stops between trials.</param>
    /// <exception cref="SessionException">The database can't be reached, or was lost.</exception>
    public static async Task<IReadOnlyList<Finding>> ReplayAsync(
        DatabaseTarget target, ICatalog catalog, PolicyLintOptions options, IReadOnlyList<Finding> findings, CancellationToken cancellationToken = default)
    {
        var replays = await ReplayAsync(target, catalog, options, [.. findings.Where(static finding => finding.Access is not null).Select(static finding => finding.Access!)], cancellationToken)
            .ConfigureAwait(false);
        return [.. findings.Select(finding => finding.Access is { } access ? finding with { Replay = replays[access] } : finding)];
    }

    /// <summary>What comes of witnesses in the state that a database is in.</summary>
    /// <param name="target">The database, of a scratch server.</param>
    /// <param name="catalog">What it holds.</param>
    /// <param name="options">What is configured.</param>
    /// <param name="witnesses">Of no change.</param>
    /// <param name="cancellationToken">Stops between trials.</param>
    /// <exception cref="SessionException">The database can't be reached, or was lost.</exception>
    public static async Task<IReadOnlyDictionary<AccessWitness, WitnessReplay>> ReplayAsync(
        DatabaseTarget target, ICatalog catalog, PolicyLintOptions options, IReadOnlyList<AccessWitness> witnesses, CancellationToken cancellationToken = default)
    {
        if (witnesses.Count == 0)
            return new Dictionary<AccessWitness, WitnessReplay>();
        try
        {
            var trials = await DatabaseStates.TryAsync(target, catalog, options, witnesses, cancellationToken).ConfigureAwait(false);
            return trials.ToDictionary(static pair => pair.Key, static pair => WitnessJudge.Judge(pair.Key, null, pair.Value));
        }
        catch (NpgsqlException e)
        {
            throw new SessionException(target.WithoutPassword($"Replaying witnesses on {target} stopped: {e.Message}"), (e as PostgresException)?.SqlState);
        }
    }
}

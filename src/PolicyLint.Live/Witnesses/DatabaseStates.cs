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

/// <summary>Brings a scratch database into each state that witnesses are about, and tries them there.</summary>
internal sealed class DatabaseStates(ScratchCluster cluster, string name, AnalysisInput input, ICatalog replayed, CancellationToken cancellation)
{
    private readonly List<InputFile> migrations = [.. input.Files.Where(static file => file.Role == ScriptRole.Migration)];
    private readonly List<InputFile> rollbacks = [.. input.Files.Where(static file => file.Role == ScriptRole.Rollback)];
    private readonly Dictionary<(AccessWitness, bool IsLater), WitnessTrial> trials = [];
    private readonly PlatformSql platform = PlatformSql.Find(replayed.Platform) ?? PlatformSql.Plain;
    private int copies;

    public WitnessReplay Judge(Finding finding)
    {
        var witness = finding.Access!;
        return WitnessJudge.Judge(witness, witness.Across is null ? null : trials.GetValueOrDefault((witness, false), NotReached), trials.GetValueOrDefault((witness, true), NotReached));
    }

    private static WitnessTrial NotReached { get; } = new(false, false, false, "the migrations do not apply up to there");

    public async Task VisitAsync(IReadOnlyList<Finding> findings)
    {
        var visits = findings.SelectMany(VisitsOf).ToList();
        var database = await cluster.CreateDatabaseAsync(name, platform, cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            await Prerequisites.MakeAsync(database, input.Files, replayed, cancellation).ConfigureAwait(false);
            var applied = 0;
            foreach (var group in visits.GroupBy(static visit => visit.Applied).OrderBy(static group => group.Key))
            {
                if (!await ApplyAsync(database, migrations.GetRange(applied, group.Key - applied)).ConfigureAwait(false))
                    return;
                applied = group.Key;
                await TryAsync(database, [.. group.Where(static visit => visit.Rollbacks.Count == 0)]).ConfigureAwait(false);
                foreach (var branch in group.Where(static visit => visit.Rollbacks.Count > 0).GroupBy(static visit => visit.Rollbacks[0].Source))
                    await TryRolledBackAsync(database, [.. branch]).ConfigureAwait(false);
            }
        }
    }

    // A witness of no change holds at the end; one of a rule that judged the rollbacks, after them.
    private IEnumerable<Visit> VisitsOf(Finding finding)
    {
        var witness = finding.Access!;
        if (witness.Across is { } change)
        {
            yield return new(witness, false, IndexOf(change.First), []);
            yield return new(witness, true, IndexOf(change.Last) + 1, [.. rollbacks.Where(file => ReferenceEquals(file.Source, change.Rollback))]);
        }
        else
        {
            var isOfRollback = rollbacks.Exists(file => ReferenceEquals(file.Source, finding.Location.Source));
            yield return new(witness, true, migrations.Count, isOfRollback ? rollbacks : []);
        }
    }

    private int IndexOf(SourceText source) => migrations.FindIndex(file => ReferenceEquals(file.Source, source));

    private async Task TryRolledBackAsync(ScratchDatabase database, IReadOnlyList<Visit> visits)
    {
        var copy = await database.CopyAsync($"{name}_back_{copies++}", cancellation).ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            if (await ApplyAsync(copy, [.. visits[0].Rollbacks.Select(static file => file with { Role = ScriptRole.Migration })]).ConfigureAwait(false))
                await TryAsync(copy, visits).ConfigureAwait(false);
        }
    }

    private async Task<bool> ApplyAsync(ScratchDatabase database, IReadOnlyList<InputFile> files)
    {
        var run = await MigrationRunner.ApplyAsync(database, files, progress: null, cancellation).ConfigureAwait(false);
        return !run.Notes.Any(static note => note.Kind == MigrationNoteKind.Failed);
    }

    private async Task TryAsync(ScratchDatabase database, IReadOnlyList<Visit> visits)
    {
        if (visits.Count == 0)
            return;
        CatalogReading reading;
        var session = await SafeSession.OpenAsync(database.Target, cancellationToken: cancellation).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
            reading = await CatalogReader.ReadAsync(session, platform, cancellation).ConfigureAwait(false);
        var tried = await TryAsync(database.Target, reading.Catalog, input.Options, visits.Select(static visit => visit.Witness), cancellation).ConfigureAwait(false);
        foreach (var visit in visits)
            trials[(visit.Witness, visit.IsLater)] = tried[visit.Witness];
    }

    /// <summary>Tries witnesses on what a database holds.</summary>
    public static async Task<IReadOnlyDictionary<AccessWitness, WitnessTrial>> TryAsync(
        DatabaseTarget target, ICatalog catalog, PolicyLintOptions options, IEnumerable<AccessWitness> witnesses, CancellationToken cancellation)
    {
        var tried = new Dictionary<AccessWitness, WitnessTrial>();
        var session = await ProbeSession.BeginAsync(target, new SafeSessionOptions(), isReadOnly: false, cancellation).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var access = new AccessModel(catalog, Tenancy.Resolve(catalog, options), AnalysisLimits.Cli, cancellation);
            var trials = await WitnessTrials.BeginAsync(session, catalog, access, cancellation).ConfigureAwait(false);
            foreach (var witness in witnesses)
                tried[witness] = await trials.TryAsync(witness).ConfigureAwait(false);
        }
        return tried;
    }

    private sealed record Visit(AccessWitness Witness, bool IsLater, int Applied, IReadOnlyList<InputFile> Rollbacks);
}

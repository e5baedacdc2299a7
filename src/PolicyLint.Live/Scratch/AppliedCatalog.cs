using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;

namespace PolicyLint.Live.Scratch;

/// <summary>What a server holds after it has applied the migrations.</summary>
/// <param name="Reading">The catalog and what could not be read of it.</param>
/// <param name="Run">What was applied and what was not.</param>
public sealed record AppliedCatalog(CatalogReading Reading, MigrationRun Run)
{
    /// <summary>
    /// Applies the migrations to a database of their own, reads it and drops it. What they use and do not make, as far as it can be made without
    /// knowing more than its name, is made before and noted.
    /// </summary>
    /// <param name="cluster">Where the database is made.</param>
    /// <param name="name">Its name.</param>
    /// <param name="files">As the analysis takes them.</param>
    /// <param name="replayed">The catalog that their replay gave: its platform, and what it had to assume.</param>
    /// <param name="progress">Told the path of each file before it is applied; null for nobody.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ScratchException">The database could not be made or was lost.</exception>
    /// <exception cref="SessionException">The catalog could not be read.</exception>
    public static async Task<AppliedCatalog> ReadAsync(
        ScratchCluster cluster,
        string name,
        IReadOnlyList<InputFile> files,
        ICatalog replayed,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default) =>
        await ReadAsync(cluster, name, files, replayed, database => MigrationRunner.ApplyAsync(database, files, progress, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>The same, where a statement that the server refuses is passed over.</summary>
    /// <param name="cluster">Where the database is made.</param>
    /// <param name="name">Its name.</param>
    /// <param name="files">As the analysis takes them.</param>
    /// <param name="replayed">The catalog that their replay gave: its platform, and what it had to assume.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ScratchException">The database could not be made or was lost.</exception>
    /// <exception cref="SessionException">The catalog could not be read.</exception>
    public static async Task<AppliedCatalog> ReadWhatIsTakenAsync(
        ScratchCluster cluster, string name, IReadOnlyList<InputFile> files, ICatalog replayed, CancellationToken cancellationToken = default) =>
        await ReadAsync(cluster, name, files, replayed, database => MigrationRunner.ApplyWhatIsTakenAsync(database, files, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>The same as <see cref="ReadAsync(ScratchCluster, string, IReadOnlyList{InputFile}, ICatalog, IProgress{string}?, CancellationToken)"/>, and does something with the database before it is dropped.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    public static Task<T> UseAsync<T>(
        ScratchCluster cluster,
        string name,
        IReadOnlyList<InputFile> files,
        ICatalog replayed,
        Func<ScratchDatabase, AppliedCatalog, Task<T>> use,
        CancellationToken cancellationToken = default) =>
        UseAsync(cluster, name, files, replayed, database => MigrationRunner.ApplyAsync(database, files, progress: null, cancellationToken), use, cancellationToken);

    private static Task<AppliedCatalog> ReadAsync(
        ScratchCluster cluster,
        string name,
        IReadOnlyList<InputFile> files,
        ICatalog replayed,
        Func<ScratchDatabase, Task<MigrationRun>> apply,
        CancellationToken cancellationToken) =>
        UseAsync(cluster, name, files, replayed, apply, static (_, applied) => Task.FromResult(applied), cancellationToken);

    private static async Task<T> UseAsync<T>(
        ScratchCluster cluster,
        string name,
        IReadOnlyList<InputFile> files,
        ICatalog replayed,
        Func<ScratchDatabase, Task<MigrationRun>> apply,
        Func<ScratchDatabase, AppliedCatalog, Task<T>> use,
        CancellationToken cancellationToken)
    {
        var platform = PlatformSql.Find(replayed.Platform) ?? PlatformSql.Plain;
        var database = await cluster.CreateDatabaseAsync(name, platform, cancellationToken).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var made = await Prerequisites.MakeAsync(database, files, replayed, cancellationToken).ConfigureAwait(false);
            var run = await apply(database).ConfigureAwait(false);
            CatalogReading reading;
            var session = await SafeSession.OpenAsync(database.Target, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
                reading = await CatalogReader.ReadAsync(session, platform, cancellationToken).ConfigureAwait(false);
            return await use(database, new AppliedCatalog(reading, run with { Notes = [.. made, .. run.Notes] })).ConfigureAwait(false);
        }
    }
}

using Npgsql;

namespace PolicyLint.Live.Scratch;

/// <summary>A running server process, its folder, and how to reach it. Stopping it removes the folder.</summary>
internal abstract class ScratchServer : IAsyncDisposable
{
    /// <summary>
    /// Settings of every scratch server: nothing has to survive a crash, so nothing is synced; nobody but us connects; whatever would outlive
    /// the process (dynamic shared memory in /dev/shm) is kept in the folder.
    /// </summary>
    protected static readonly string[] Settings =
    [
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "autovacuum=off",
        "jit=off",
        "shared_buffers=32MB",
        "max_connections=40",
        "max_locks_per_transaction=512", // one transaction may create a few thousand tables
        "wal_level=logical",             // CREATE PUBLICATION warns below it
        "logging_collector=off",
        "log_destination=stderr",
        "log_min_messages=log",          // not the errors of statements: they come back to us
        "timezone=UTC",
        "log_timezone=UTC",
    ];

    /// <summary>The folder that holds the server's files; gone after <see cref="DisposeAsync"/>.</summary>
    public abstract string Folder { get; }

    /// <summary>Host, port, user and, where needed, password.</summary>
    public abstract NpgsqlConnectionStringBuilder Connection { get; }

    /// <summary>Completes when the server process has ended.</summary>
    public abstract Task Exited { get; }

    /// <summary>The last lines of the server's log.</summary>
    public abstract string LogTail { get; }

    /// <summary>Runs initdb and starts the server, which may not accept connections yet.</summary>
    /// <param name="binaries">The server's programs.</param>
    /// <param name="temporaryFolder">Where its folder is made.</param>
    /// <param name="cancellationToken">Stops the start and removes what it made.</param>
    /// <exception cref="ScratchException">initdb failed, or the process could not be started.</exception>
    public static async Task<ScratchServer> StartAsync(PostgresBinaries binaries, string temporaryFolder, CancellationToken cancellationToken) =>
        OperatingSystem.IsWindows()
            ? await WindowsServer.StartAsync(binaries, temporaryFolder, cancellationToken).ConfigureAwait(false)
            : await LeashedServer.StartAsync(binaries, temporaryFolder, cancellationToken).ConfigureAwait(false);

    /// <summary>Stops the server at once and removes its folder, for the moments in which nothing can be awaited: the process is ending.</summary>
    public abstract void StopNow();

    public abstract ValueTask DisposeAsync();

    protected static void RemoveFolder(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The server's last writes may still come in; what is left lies in the system's temporary folder.
        }
    }
}

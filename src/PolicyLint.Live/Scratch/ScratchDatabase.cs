using Npgsql;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Scratch;

/// <summary>One database of a scratch server. Disposing drops it, whoever is connected.</summary>
public sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly ScratchCluster cluster;
    private int dropped;

    internal ScratchDatabase(ScratchCluster cluster, string name, PlatformSql platform)
    {
        this.cluster = cluster;
        Name = name;
        Platform = platform;
    }

    /// <summary>The database's name.</summary>
    public string Name { get; }

    /// <summary>What it was seeded with.</summary>
    public PlatformSql Platform { get; }

    /// <summary>How <see cref="SafeSession"/> reaches it, as the superuser.</summary>
    public DatabaseTarget Target => new(cluster.ConnectionTo(Name));

    /// <summary>A pool of connections, as <see cref="ScratchCluster.DataSource"/> gives them.</summary>
    /// <param name="role">The role that sessions act as; null for the superuser.</param>
    public NpgsqlDataSource DataSource(string? role = null) => cluster.DataSource(Name, role);

    /// <summary>A second database with the same contents, roles aside: they are the server's. Ends all sessions of this one.</summary>
    /// <param name="name">The copy's name.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    /// <exception cref="ScratchException">The server is gone, or does not let the database be copied.</exception>
    public Task<ScratchDatabase> CopyAsync(string name, CancellationToken cancellationToken = default) => cluster.CopyDatabaseAsync(this, name, cancellationToken);

    /// <summary>Drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref dropped, 1) == 0)
            await cluster.DropDatabaseAsync(Name).ConfigureAwait(false);
    }

    /// <summary>A connection of its own, outside any pool, as the superuser.</summary>
    internal Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => cluster.OpenAsync(Name, cancellationToken);
}

using Npgsql;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Scratch;

/// <summary>One database of a scratch server. Disposing drops it, whoever is connected.</summary>
public sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly ScratchCluster cluster;

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

    /// <summary>Drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await using var connection = await cluster.OpenAsync("postgres", CancellationToken.None).ConfigureAwait(false);
        await ScratchCluster.ExecuteAsync(connection, $"drop database if exists {Identifier.Quote(Name)} with (force)", CancellationToken.None)
            .ConfigureAwait(false);
    }

    /// <summary>A connection of its own, outside any pool, as the superuser.</summary>
    internal Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => cluster.OpenAsync(Name, cancellationToken);
}

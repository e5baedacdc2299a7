using System.Runtime.InteropServices;
using Npgsql;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Scratch;

/// <summary>
/// A PostgreSQL server of our own, started from the installed binaries in a temporary folder. It serves any number of databases, listens to
/// nobody else, and is gone with its folder after <see cref="DisposeAsync"/> and also when the process ends in any other way.
/// </summary>
public sealed class ScratchCluster : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ScratchServer server;
    private readonly List<NpgsqlDataSource> dataSources = [];
    private readonly Dictionary<string, string> templates = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim creating = new(1, 1);
    private readonly PosixSignalRegistration[] signals;
    private string[] ownRoles = [];
    private string[] rolesBefore = [];
    private int databases;
    private readonly EventHandler processExit;
    private int disposed;

    private ScratchCluster(ScratchServer server, PostgresBinaries binaries)
    {
        this.server = server;
        Binaries = binaries;
        ServerVersion = new Version();

        // On Unix the leash does this however the process ends, and a handler would take the server from under a host that handles Ctrl-C
        // by winding up. Windows has no such leash.
        processExit = (_, _) => server.StopNow();
        AppDomain.CurrentDomain.ProcessExit += processExit;
        signals = OperatingSystem.IsWindows()
            ? [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
                .Select(signal => PosixSignalRegistration.Create(signal, _ => server.StopNow()))]
            : [];
    }

    /// <summary>The superuser that the server starts with, and that migrations run as.</summary>
    public static string Superuser => "postgres";

    /// <summary>Where the server's programs were found.</summary>
    public PostgresBinaries Binaries { get; }

    /// <summary>The version that the server reports.</summary>
    public Version ServerVersion { get; private set; }

    /// <summary>The temporary folder that holds the server's files and its socket.</summary>
    public string Folder => server.Folder;

    /// <summary>Starts a server.</summary>
    /// <exception cref="ScratchException">There is no PostgreSQL here, or it could not be started.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static async Task<ScratchCluster> StartAsync(ScratchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ScratchOptions();
        var binaries = PostgresBinaries.Find(options.PostgresBin);
        var server = await ScratchServer.StartAsync(binaries, options.TemporaryFolder ?? Path.GetTempPath(), cancellationToken).ConfigureAwait(false);
        var cluster = new ScratchCluster(server, binaries);
        try
        {
            await cluster.WaitUntilReadyAsync(options.StartTimeout, cancellationToken).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Creates a database as the platform gives it, search_path included. The platform is seeded once and copied from then on. Roles
    /// belong to the cluster: databases that are there at the same time share them, and when the last is dropped those that migrations made go.
    /// </summary>
    /// <param name="name">Any name that PostgreSQL takes, at most 63 bytes in UTF-8.</param>
    /// <param name="platform">What the database holds at the start.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ScratchException">The database could not be created.</exception>
    public async Task<ScratchDatabase> CreateDatabaseAsync(string name, PlatformSql platform, CancellationToken cancellationToken = default)
    {
        await creating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var connection = await OpenAsync("postgres", cancellationToken).ConfigureAwait(false);
            if (databases == 0 && templates.Keys.Any(seeded => seeded != platform.Name))
                await ForgetTemplatesAsync(connection, cancellationToken).ConfigureAwait(false);

            var template = PlatformSeed.EmptyTemplate;
            if (platform.Scripts.Count > 0 && !templates.TryGetValue(platform.Name, out template))
            {
                template = await PlatformSeed.CreateTemplateAsync(this, connection, platform, cancellationToken).ConfigureAwait(false);
                templates.Add(platform.Name, template);
            }

            if (databases == 0)
                rolesBefore = await RolesAsync(connection, cancellationToken).ConfigureAwait(false);

            await ExecuteAsync(connection, $"create database {Identifier.Quote(name)} template {Identifier.Quote(template)}", cancellationToken)
                .ConfigureAwait(false);
            var searchPath = string.Join(", ", platform.SearchPath.Select(Identifier.Quote));
            await ExecuteAsync(connection, $"alter database {Identifier.Quote(name)} set search_path = {searchPath}", cancellationToken)
                .ConfigureAwait(false);
            databases++;
            return new ScratchDatabase(this, name, platform);
        }
        catch (NpgsqlException e)
        {
            throw new ScratchException(ScratchFailure.DatabaseFailed, $"The scratch database '{name}' could not be created: {e.Message}");
        }
        finally
        {
            creating.Release();
        }
    }

    internal async Task<ScratchDatabase> CopyDatabaseAsync(ScratchDatabase from, string name, CancellationToken cancellationToken)
    {
        await creating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var connection = await OpenAsync("postgres", cancellationToken).ConfigureAwait(false);

            // A template must have no sessions, and pools keep theirs (manual 23.3).
            await ExecuteAsync(connection, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = {Identifier.Literal(from.Name)}", cancellationToken)
                .ConfigureAwait(false);
            await ExecuteAsync(connection, $"create database {Identifier.Quote(name)} template {Identifier.Quote(from.Name)}", cancellationToken).ConfigureAwait(false);
            var searchPath = string.Join(", ", from.Platform.SearchPath.Select(Identifier.Quote));
            await ExecuteAsync(connection, $"alter database {Identifier.Quote(name)} set search_path = {searchPath}", cancellationToken).ConfigureAwait(false);
            databases++;
            return new ScratchDatabase(this, name, from.Platform);
        }
        catch (NpgsqlException e)
        {
            throw new ScratchException(ScratchFailure.DatabaseFailed, $"The scratch database '{from.Name}' could not be copied: {e.Message}");
        }
        finally
        {
            creating.Release();
        }
    }

    /// <summary>A pool of connections to a database. It belongs to the cluster and is closed with it.</summary>
    /// <param name="database">The database's name.</param>
    /// <param name="role">The role that sessions act as (as after SET ROLE); null for the superuser.</param>
    public NpgsqlDataSource DataSource(string database, string? role = null)
    {
        var dataSource = NpgsqlDataSource.Create(ConnectionTo(database, role));
        lock (dataSources)
            dataSources.Add(dataSource);

        return dataSource;
    }

    /// <summary>Stops the server at once and removes everything that it wrote.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;

        AppDomain.CurrentDomain.ProcessExit -= processExit;
        foreach (var signal in signals)
            signal.Dispose();

        NpgsqlDataSource[] open;
        lock (dataSources)
            open = [.. dataSources];

        foreach (var dataSource in open)
            await dataSource.DisposeAsync().ConfigureAwait(false);

        await server.DisposeAsync().ConfigureAwait(false);
        creating.Dispose();
    }

    /// <summary>How to connect to a database of this cluster.</summary>
    internal NpgsqlConnectionStringBuilder ConnectionTo(string database, string? role = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(server.Connection.ConnectionString)
        {
            Database = database,
            ApplicationName = "policylint",
            Timeout = 15,
            CommandTimeout = 0,
        };
        if (role is not null)
        {
            // In the startup packet's options a backslash escapes white space and backslashes (manual 55.2.1).
            connection.Options = "-c role=" + string.Concat(role.Select(static c => c is '\\' or ' ' or (>= '\t' and <= '\r') ? "\\" + c : c.ToString()));
        }

        return connection;
    }

    /// <summary>A connection of its own, outside any pool, as the superuser.</summary>
    internal async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        RawSql.Require();
        var builder = ConnectionTo(database);
        builder.Pooling = false;
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Drops a database whoever is connected, and with the last one the roles that came since the first.</summary>
    internal async Task DropDatabaseAsync(string name)
    {
        await creating.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await using var connection = await OpenAsync("postgres", CancellationToken.None).ConfigureAwait(false);
            await ExecuteAsync(connection, $"drop database if exists {Identifier.Quote(name)} with (force)", CancellationToken.None).ConfigureAwait(false);
            if (--databases > 0)
                return;

            foreach (var role in (await RolesAsync(connection, CancellationToken.None).ConfigureAwait(false)).Except(rolesBefore))
                await ExecuteAsync(connection, $"drop role {Identifier.Quote(role)}", CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // A role that still has something elsewhere, or a server that is gone: all of it goes with the cluster.
        }
        finally
        {
            creating.Release();
        }
    }

    /// <summary>A platform's roles must not be there for databases of another platform, whose migrations may make roles of the same name.</summary>
    private async Task ForgetTemplatesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var template in templates.Values)
            await PlatformSeed.DropTemplateAsync(connection, template, cancellationToken).ConfigureAwait(false);

        templates.Clear();
        var roles = (await RolesAsync(connection, cancellationToken).ConfigureAwait(false)).Except(ownRoles).Select(Identifier.Quote).ToArray();
        if (roles.Length > 0)
            await ExecuteAsync(connection, "drop role " + string.Join(", ", roles), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string[]> RolesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce(array_agg(rolname::text), '{}') from pg_roles", connection);
        return (string[])(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var tries = Math.Max(1, (int)Math.Ceiling(timeout / PollInterval));
        string last = "";
        for (var i = 0; i < tries; i++)
        {
            if (server.Exited.IsCompleted)
                break;

            try
            {
                await using var connection = await OpenAsync("postgres", cancellationToken).ConfigureAwait(false);
                ServerVersion = connection.PostgreSqlVersion;
                ownRoles = await RolesAsync(connection, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException e)
            {
                last = e.Message;
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        // Read after it has ended, so that the log is complete.
        var ended = server.Exited.IsCompleted;
        await server.DisposeAsync().ConfigureAwait(false);
        throw new ScratchException(
            ScratchFailure.StartFailed,
            ended
                ? $"The scratch server ('{Binaries.Folder}/postgres') ended as it started. It said:{server.LogTail}"
                : $"The scratch server ('{Binaries.Folder}/postgres') did not accept a connection: {last}. It said:{server.LogTail}");
    }
}

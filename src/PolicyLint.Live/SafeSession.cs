using Npgsql;

namespace PolicyLint.Live;

/// <summary>
/// The only way to a database that is not our own: one connection with one transaction, READ ONLY, which sees the database as of one moment
/// and is rolled back at the end. All settings belong to that transaction, so that nothing stays on a connection that a pooler hands on.
/// </summary>
public sealed class SafeSession : IAsyncDisposable
{
    // 08P01 protocol_violation is how PgBouncer refuses a startup parameter that it does not know (PgBouncer manual, ignore_startup_parameters).
    private const string StartupParameterRefused = "08P01";

    private readonly NpgsqlDataSource dataSource;
    private readonly NpgsqlConnection connection;
    private readonly DatabaseTarget target;
    private readonly SafeSessionOptions options;
    private readonly int commandTimeout;

    private SafeSession(NpgsqlDataSource dataSource, NpgsqlConnection connection, DatabaseTarget target, SafeSessionOptions options)
    {
        this.dataSource = dataSource;
        this.connection = connection;
        this.target = target;
        this.options = options;
        commandTimeout = options.StatementTimeout == TimeSpan.Zero ? 0 : (int)options.StatementTimeout.TotalSeconds + 15;
    }

    /// <summary>The version that the server reports.</summary>
    public Version ServerVersion => connection.PostgreSqlVersion;

    /// <summary>Who is connected to what, without the password.</summary>
    public string Description => target.ToString();

    /// <summary>Connects and opens the transaction.</summary>
    /// <exception cref="SessionException">The database can't be reached, or refuses the user.</exception>
    public static Task<SafeSession> OpenAsync(
        DatabaseTarget target, SafeSessionOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(target, options ?? new SafeSessionOptions(), snapshot: null, cancellationToken);

    private static async Task<SafeSession> OpenAsync(DatabaseTarget target, SafeSessionOptions options, string? snapshot, CancellationToken cancellationToken)
    {
        RawSql.Require();
        SafeSession? session = null;
        try
        {
            var (dataSource, connection) = await ConnectAsync(target, options, cancellationToken).ConfigureAwait(false);
            session = new SafeSession(dataSource, connection, target, options);
            await session.BeginAsync(snapshot, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch (Exception e)
        {
            if (session is not null)
                await session.DisposeAsync().ConfigureAwait(false);

            // What fails here may come from the network, TLS, a certificate file or the keywords themselves.
            throw e is OperationCanceledException ? e : Failure(target, $"Can't connect to {target}", e);
        }
    }

    /// <summary>
    /// A second session that sees the database as of the same moment, where there is enough to read for two. Null where there is not, and where
    /// the server, or a pooler before it, does not give one: a standby, a full server, another server behind the same address.
    /// </summary>
    /// <param name="enough">A condition in SQL.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="SessionException">This session failed.</exception>
    internal async Task<SafeSession?> TryOpenTwinAsync(string enough, CancellationToken cancellationToken)
    {
        var snapshots = await QueryAsync(
            $"""
            select pg_export_snapshot()
            where not pg_is_in_recovery() and has_function_privilege('pg_export_snapshot()', 'execute') and {enough}
            """,
            static row => row.GetString(0),
            cancellationToken).ConfigureAwait(false);
        if (snapshots.Count == 0)
            return null;

        try
        {
            return await OpenAsync(target, options, snapshots[0], cancellationToken).ConfigureAwait(false);
        }
        catch (SessionException)
        {
            return null;
        }
    }

    /// <summary>Runs one query and reads its rows.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <param name="sql">One statement; the server refuses two.</param>
    /// <param name="row">Reads the row that the reader is on.</param>
    /// <param name="cancellationToken">Cancels the statement on the server too.</param>
    /// <exception cref="SessionException">The server refused or cancelled the statement, or the connection was lost.</exception>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = commandTimeout };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                rows.Add(row(reader));

            return rows;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            throw Failure(target, $"A query on {target} failed", e);
        }
    }

    /// <summary>
    /// Runs one query and reads its rows as text, as the server prints them; `null` for NULL. What fails, or what it set, is undone, and the
    /// session goes on.
    /// </summary>
    /// <param name="sql">One statement.</param>
    /// <param name="settings">Settings for this statement alone, as <c>name</c> and value.</param>
    /// <param name="mostRows">No more rows than these are read.</param>
    /// <param name="cancellationToken">Cancels the statement on the server too.</param>
    /// <exception cref="SessionException">As for <see cref="QueryAsync{T}"/>; <see cref="SessionException.SqlState"/> is null where the connection is lost.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> AttemptAsync(
        string sql, IReadOnlyList<KeyValuePair<string, string>>? settings = null, int mostRows = 1000, CancellationToken cancellationToken = default)
    {
        try
        {
            await ExecuteAsync("savepoint attempt", cancellationToken).ConfigureAwait(false);
            try
            {
                foreach (var (name, value) in settings ?? [])
                    await ExecuteAsync($"set local {name} = {Identifier.Literal(value)}", cancellationToken).ConfigureAwait(false);
                return await TextRowsAsync(sql, mostRows, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await ExecuteAsync("rollback to savepoint attempt", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            throw Failure(target, $"A query on {target} failed", e);
        }
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> TextRowsAsync(string sql, int mostRows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = commandTimeout, AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<IReadOnlyList<string>>();
        while (rows.Count < mostRows && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = await reader.IsDBNullAsync(i, cancellationToken).ConfigureAwait(false) ? "null" : reader.GetString(i);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Rolls back and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var rollback = new NpgsqlCommand("rollback", connection) { CommandTimeout = 5 };
            await rollback.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            // The connection is lost, and with it the transaction.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        await dataSource.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<(NpgsqlDataSource, NpgsqlConnection)> ConnectAsync(
        DatabaseTarget target, SafeSessionOptions options, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(target.Connection.ConnectionString)
        {
            ApplicationName = options.ApplicationName,
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            NoResetOnClose = true,
            PersistSecurityInfo = false,
            IncludeErrorDetail = false, // the detail of an error may be a row
            MaxAutoPrepare = 0,
        };
        var own = builder.Options;
        builder.Options = string.IsNullOrEmpty(own) ? "-c default_transaction_read_only=on" : own + " -c default_transaction_read_only=on";
        try
        {
            return await OpenConnectionAsync(builder, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == StartupParameterRefused)
        {
            // A pooler: its connections are not ours, so this setting has no place there. The transaction is read-only all the same.
            builder.Options = own;
            return await OpenConnectionAsync(builder, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(NpgsqlDataSource, NpgsqlConnection)> OpenConnectionAsync(
        NpgsqlConnectionStringBuilder builder, CancellationToken cancellationToken)
    {
        // What we read has built-in types; the types of the database need not be asked for at every connection.
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);
        source.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        var dataSource = source.Build();
        try
        {
            return (dataSource, await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await dataSource.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task BeginAsync(string? snapshot, CancellationToken cancellationToken)
    {
        await ExecuteAsync("begin transaction isolation level repeatable read, read only", cancellationToken).ConfigureAwait(false);
        if (snapshot is not null)
            await ExecuteAsync($"set transaction snapshot {Identifier.Literal(snapshot)}", cancellationToken).ConfigureAwait(false);

        // With pg_catalog alone on the search_path the server prints every other name with its schema (ruleutils.c). row_security = off turns a
        // query that policies would thin out into an error. Compiling a query over the catalog takes longer than running it. The rest makes
        // texts and numbers the same whatever the user has configured.
        List<(string, string)> settings =
        [
            .. SessionLimits.Of(options, isReadOnly: true),
            ("row_security", "off"),
            ("jit", "off"),
            ("quote_all_identifiers", "off"),
            ("standard_conforming_strings", "on"),
            ("datestyle", "ISO, YMD"),
            ("intervalstyle", "postgres"),
            ("bytea_output", "hex"),
            ("extra_float_digits", "1"),
            ("timezone", "UTC"),
        ];
        if (!options.KeepSearchPath)
            settings.Add(("search_path", "pg_catalog"));
        await ExecuteAsync(SessionLimits.Query(settings), cancellationToken).ConfigureAwait(false);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = commandTimeout };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static SessionException Failure(DatabaseTarget target, string what, Exception e)
    {
        var said = e is PostgresException postgres ? postgres.MessageText : e.Message;
        if (e is not PostgresException && e.InnerException is { } inner && !said.Contains(inner.Message, StringComparison.Ordinal))
            said = $"{said.TrimEnd('.')}: {inner.Message}";

        return new SessionException(target.WithoutPassword($"{what}: {said}"), (e as PostgresException)?.SqlState);
    }
}

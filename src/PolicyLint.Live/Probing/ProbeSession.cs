using Npgsql;

namespace PolicyLint.Live.Probing;

/// <summary>
/// One connection in one transaction that is never committed: what is written in it, settings and roles included, is gone with it, however the
/// process ends.
/// </summary>
internal sealed class ProbeSession : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private ProbeSession(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Connects and begins.</summary>
    /// <param name="target">The database.</param>
    /// <param name="limits">Timeouts of every statement.</param>
    /// <param name="isReadOnly">The server refuses to write.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    public static async Task<ProbeSession> BeginAsync(DatabaseTarget target, SafeSessionOptions limits, bool isReadOnly, CancellationToken cancellationToken)
    {
        RawSql.Require();
        var builder = new NpgsqlConnectionStringBuilder(target.Connection.ConnectionString)
        {
            ApplicationName = limits.ApplicationName,
            Pooling = false,
            Enlist = false,
            PersistSecurityInfo = false,
            IncludeErrorDetail = false, // the detail of an error may be a row
        };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        var session = new ProbeSession(connection);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(isReadOnly ? "begin read only" : "begin", cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(SessionLimits.Query(SessionLimits.Of(limits, isReadOnly)), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return session;
    }

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first value of the first row as text; null for none.</summary>
    public async Task<string?> ValueAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string;
    }

    /// <summary>The first column of all rows as text, without NULLs.</summary>
    public async Task<IReadOnlyList<string>> ValuesAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var values = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!await reader.IsDBNullAsync(0, cancellationToken).ConfigureAwait(false))
                values.Add(reader.GetString(0));
        }
        return values;
    }

    /// <summary>Does something and takes it back, errors included.</summary>
    public async Task<T> ThenBackAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await ExecuteAsync("savepoint probe", cancellationToken).ConfigureAwait(false);
        try
        {
            return await action().ConfigureAwait(false);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                // Rolling back keeps the savepoint, and one of the same name outside would be hidden by it (manual, SAVEPOINT).
                await ExecuteAsync("rollback to savepoint probe", CancellationToken.None).ConfigureAwait(false);
                await ExecuteAsync("release savepoint probe", CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes on a role and settings, until what surrounds it is taken back.</summary>
    public async Task BecomeAsync(string role, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        await SetAsync(settings, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync($"set local role {Identifier.Quote(role)}", cancellationToken).ConfigureAwait(false);
    }

    public async Task SetAsync(IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in settings)
            await ExecuteAsync($"select pg_catalog.set_config({Identifier.Literal(name)}, {Identifier.Literal(value)}, true)", cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await ExecuteAsync("rollback", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // The connection is lost, and with it the transaction.
        }
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}

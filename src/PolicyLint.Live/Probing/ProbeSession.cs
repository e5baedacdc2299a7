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
    public static async Task<ProbeSession> BeginAsync(DatabaseTarget target, SafeSessionOptions limits, CancellationToken cancellationToken)
    {
        RawSql.Require();
        var builder = new NpgsqlConnectionStringBuilder(target.Connection.ConnectionString)
        {
            ApplicationName = limits.ApplicationName,
            Pooling = false,
            Enlist = false,
            IncludeErrorDetail = false, // the detail of an error may be a row
        };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        var session = new ProbeSession(connection);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await session.ExecuteAsync("begin", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            $"select set_config('statement_timeout', '{(long)limits.StatementTimeout.TotalMilliseconds}', true), set_config('lock_timeout', '{(long)limits.LockTimeout.TotalMilliseconds}', true)",
            cancellationToken).ConfigureAwait(false);
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

    /// <summary>Does something as a role with settings, and takes all of it back.</summary>
    public Task<T> AsAsync<T>(string role, IReadOnlyList<KeyValuePair<string, string>> settings, Func<Task<T>> action, CancellationToken cancellationToken) =>
        ThenBackAsync(
            async () =>
            {
                await SetAsync(settings, cancellationToken).ConfigureAwait(false);
                await ExecuteAsync($"set local role {Identifier.Quote(role)}", cancellationToken).ConfigureAwait(false);
                return await action().ConfigureAwait(false);
            },
            cancellationToken);

    public async Task SetAsync(IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in settings)
            await ExecuteAsync($"select set_config({Identifier.Literal(name)}, {Identifier.Literal(value)}, true)", cancellationToken).ConfigureAwait(false);
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

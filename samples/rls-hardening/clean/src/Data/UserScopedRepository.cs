using System.Text.Json;
using Connect.Auth;
using Npgsql;

namespace Connect.Data;

/// <summary>Runs every query in a transaction in which the database, too, knows who is asking.</summary>
public abstract class UserScopedRepository(NpgsqlDataSource dataSource, ICurrentUser user)
{
    private const string ActAsUser =
        "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', @claims, true)";

    protected Guid UserId => user.Id;

    protected async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(ActAsUser, connection, transaction))
        {
            command.Parameters.AddWithValue("claims", JsonSerializer.Serialize(new { sub = UserId, role = "authenticated" }));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var result = await work(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}

using Dapper;
using Npgsql;
using Studio.Auth;

namespace Studio.Data;

/// <summary>Runs every query in a transaction in which the database, too, knows who is asking.</summary>
public abstract class UserScopedRepository(NpgsqlDataSource dataSource, ICurrentUser user)
{
    private const string ActAsUser = "select set_config('app.user_id', @userId::text, true)";

    protected Guid UserId => user.Id;

    protected async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(ActAsUser, new { userId = UserId }, transaction);
        var result = await work(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}

using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

/// <summary>
/// Base of all repositories. There is no way to make one without a user, and the database is told the same user
/// in the transaction of every query.
/// </summary>
public abstract class UserScopedRepository(NpgsqlDataSource dataSource, Guid userId)
{
    private const string ActAsUser = "select set_config('app.user_id', @userId::text, true)";

    protected NpgsqlDataSource DataSource => dataSource;

    protected Guid UserId => userId;

    /// <summary>Binds <c>@userId</c>, which every WHERE clause compares with user_id.</summary>
    protected DynamicParameters ApplyUserFilter(object? parameters = null)
    {
        var filtered = new DynamicParameters(parameters);
        filtered.Add("userId", UserId);
        return filtered;
    }

    /// <summary>Binds <c>@userId</c>, which every INSERT writes to user_id.</summary>
    protected DynamicParameters SetUserId(object values) => ApplyUserFilter(values);

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

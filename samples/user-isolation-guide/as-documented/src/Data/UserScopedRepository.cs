using System.Data;
using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

/// <summary>Base of all repositories. Without a user it serves the callers that are not migrated yet.</summary>
public abstract class UserScopedRepository(NpgsqlDataSource dataSource, Guid? userId = null)
{
    protected NpgsqlDataSource DataSource => dataSource;

    protected Guid? UserId => userId;

    /// <summary>Binds <c>@userId</c> for the user filter.</summary>
    protected DynamicParameters ApplyUserFilter(object? parameters = null)
    {
        var isDisabled = Environment.GetEnvironmentVariable("DISABLE_USER_ISOLATION") == "true";
        var filtered = new DynamicParameters(parameters);
        filtered.Add("userId", isDisabled ? null : UserId, DbType.Guid);
        return filtered;
    }

    /// <summary>Binds <c>@userId</c> for new rows.</summary>
    protected DynamicParameters SetUserId(object values)
    {
        var owned = new DynamicParameters(values);
        owned.Add("userId", UserId, DbType.Guid);
        return owned;
    }

    protected async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }
}

using Npgsql;
using Studio.Auth;

namespace Studio.Data;

public abstract class UserScopedRepository(NpgsqlDataSource dataSource, ICurrentUser user)
{
    protected Guid UserId => user.Id;

    protected async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }
}

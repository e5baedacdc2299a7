using Connect.Auth;
using Npgsql;

namespace Connect.Data;

public abstract class UserScopedRepository(NpgsqlDataSource dataSource, ICurrentUser user)
{
    protected Guid UserId => user.Id;

    protected async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }
}

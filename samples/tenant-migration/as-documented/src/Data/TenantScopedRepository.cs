using Brokerage.Auth;
using Npgsql;

namespace Brokerage.Data;

public abstract class TenantScopedRepository(NpgsqlDataSource dataSource, ITenantContext context)
{
    protected Guid UserId => context.UserId;

    protected Guid TenantId => context.TenantId;

    protected async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }
}

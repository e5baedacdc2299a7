using Brokerage.Auth;
using Dapper;
using Npgsql;

namespace Brokerage.Data;

public sealed record Dashboard(long Clients, long OpenOrders, decimal Pipeline);

public sealed class DashboardRepository(NpgsqlDataSource dataSource, ITenantContext context) : TenantScopedRepository(dataSource, context)
{
    public Task<Dashboard> GetAsync(CancellationToken cancellationToken) => RunAsync(
        async connection => new Dashboard(
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from public.clients where tenant_id = @tenantId",
                new { tenantId = TenantId }),
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from public.orders where tenant_id = @tenantId and status <> 'closed'",
                new { tenantId = TenantId }),
            await connection.ExecuteScalarAsync<decimal>(
                "select coalesce(sum(value), 0) from public.deals where tenant_id = @tenantId and stage = 'open'",
                new { tenantId = TenantId })),
        cancellationToken);
}

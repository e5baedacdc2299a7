using Brokerage.Auth;
using Dapper;
using Npgsql;

namespace Brokerage.Data;

public sealed record OrderLine(Guid Id, string Number, string ClientName, decimal Amount, string Status);

public sealed class OrderRepository(NpgsqlDataSource dataSource, ITenantContext context) : TenantScopedRepository(dataSource, context)
{
    private const string List = """
        select o.id, o.number, c.name as client_name, o.amount, o.status
        from public.orders o
        join public.clients c on c.id = o.client_id
        where o.tenant_id = @tenantId
        order by o.created_at desc
        """;

    private const string Insert = """
        insert into public.orders (tenant_id, org_id, client_id, number, amount)
        values (@tenantId, @userId, @clientId, @number, @amount)
        """;

    public Task<IEnumerable<OrderLine>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<OrderLine>(List, new { tenantId = TenantId }), cancellationToken);

    public Task<int> AddAsync(Guid clientId, string number, decimal amount, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            Insert, new { tenantId = TenantId, userId = UserId, clientId, number, amount }),
        cancellationToken);

    public Task<int> SetStatusAsync(Guid id, string status, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(
                "update public.orders set status = @status where id = @id",
                connection);
            command.Parameters.AddWithValue("status", status);
            command.Parameters.AddWithValue("id", id);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);
}

using Brokerage.Auth;
using Dapper;
using Npgsql;

namespace Brokerage.Data;

public sealed record Client(Guid Id, Guid OrgId, string Name, string? Email);

public sealed class ClientRepository(NpgsqlDataSource dataSource, ITenantContext context) : TenantScopedRepository(dataSource, context)
{
    private const string List = """
        select id, org_id, name, email
        from public.clients
        where tenant_id = @tenantId
        order by name
        """;

    private const string Insert = """
        insert into public.clients (tenant_id, org_id, name, email)
        values (@tenantId, @userId, @name, @email)
        returning id
        """;

    public Task<IEnumerable<Client>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<Client>(List, new { tenantId = TenantId }), cancellationToken);

    public Task<Client?> FindAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.QuerySingleOrDefaultAsync<Client>(
            "select id, org_id, name, email from public.clients where id = @id", new { id }),
        cancellationToken);

    public Task<Guid> AddAsync(string name, string? email, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteScalarAsync<Guid>(Insert, new { tenantId = TenantId, userId = UserId, name, email }),
        cancellationToken);

    public Task<int> RenameAsync(Guid id, string name, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.clients set name = @name where id = @id and tenant_id = @tenantId",
            new { id, name, tenantId = TenantId }),
        cancellationToken);

    public Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "delete from public.clients where id = @id and tenant_id = @tenantId",
            new { id, tenantId = TenantId }),
        cancellationToken);
}

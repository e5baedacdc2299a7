using Brokerage.Auth;
using Dapper;
using Npgsql;

namespace Brokerage.Data;

public sealed record Deal(Guid Id, string Title, string Stage, decimal? Value);

public sealed record WorkItem(Guid Id, string Title, bool IsDone);

/// <summary>Deals, tasks and tags of the tenant.</summary>
public sealed class WorkRepository(NpgsqlDataSource dataSource, ITenantContext context) : TenantScopedRepository(dataSource, context)
{
    public Task<IEnumerable<Deal>> ListDealsAsync(string? stage, CancellationToken cancellationToken)
    {
        const string sql = """
            select id, title, stage, value
            from public.deals
            where tenant_id = @tenantId and (@stage::text is null or stage = @stage)
            """;
        return RunAsync(connection => connection.QueryAsync<Deal>(sql, new { tenantId = TenantId, stage }), cancellationToken);
    }

    public Task<IEnumerable<WorkItem>> ListTasksAsync(CancellationToken cancellationToken) => RunAsync(
        connection => connection.QueryAsync<WorkItem>(
            "select id, title, is_done from public.tasks where tenant_id = @tenantId and not is_done",
            new { tenantId = TenantId }),
        cancellationToken);

    public Task<int> AddTaskAsync(string title, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into public.tasks (tenant_id, org_id, title) values (@tenantId, @userId, @title)",
            new { tenantId = TenantId, userId = UserId, title }),
        cancellationToken);

    public Task<int> DeleteTagAsync(string name, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "delete from public.tags where name = @name", new { name }),
        cancellationToken);
}

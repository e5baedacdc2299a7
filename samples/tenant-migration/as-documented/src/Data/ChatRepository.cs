using Brokerage.Auth;
using Dapper;
using Npgsql;

namespace Brokerage.Data;

public sealed record ChatLine(string Role, string Content);

public sealed class ChatRepository(NpgsqlDataSource dataSource, ITenantContext context) : TenantScopedRepository(dataSource, context)
{
    public Task<IEnumerable<ChatLine>> LatestAsync(int count, CancellationToken cancellationToken) => RunAsync(
        connection => connection.QueryAsync<ChatLine>(
            "select role, content from public.chat_messages where tenant_id = @tenantId order by created_at desc limit @count",
            new { tenantId = TenantId, count }),
        cancellationToken);

    public Task<int> AddAsync(string role, string content, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into public.chat_messages (org_id, role, content) values (@userId, @role, @content)",
            new { userId = UserId, role, content }),
        cancellationToken);
}

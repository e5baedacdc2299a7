using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

public sealed class AccessLog(NpgsqlDataSource dataSource, Guid? userId = null) : UserScopedRepository(dataSource, userId)
{
    private const string Insert = """
        insert into user_access_log (user_id, entity_type, entity_id, operation)
        values (@userId, @entityType, @entityId, @operation)
        """;

    public Task<int> WriteAsync(string entityType, Guid? entityId, string operation, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(Insert, SetUserId(new { entityType, entityId, operation })),
        cancellationToken);
}

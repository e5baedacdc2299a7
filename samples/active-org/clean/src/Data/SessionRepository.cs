using Npgsql;
using NpgsqlTypes;
using Studio.Auth;

namespace Studio.Data;

public sealed class SessionRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string Insert = """
        insert into platform.user_sessions (user_id, token_hash, expires_at)
        values (@userId, @tokenHash, @expiresAt)
        """;

    public Task<int> AddAsync(string tokenHash, DateTime expiresAt, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(Insert, connection);
            command.Parameters.AddWithValue("userId", UserId);
            command.Parameters.AddWithValue("tokenHash", tokenHash);
            command.Parameters.AddWithValue("expiresAt", NpgsqlDbType.TimestampTz, expiresAt);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    public Task<int> RevokeAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(
                "delete from platform.user_sessions where id = @id and user_id = @userId",
                connection);
            command.Parameters.AddWithValue("id", id);
            command.Parameters.AddWithValue("userId", UserId);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);
}

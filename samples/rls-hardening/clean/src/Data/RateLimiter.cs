using Connect.Auth;
using Npgsql;

namespace Connect.Data;

/// <summary>Counts what a user did in the last minute. Runs as service_role: no other role may touch the table.</summary>
public sealed class RateLimiter(NpgsqlDataSource serviceDataSource, ICurrentUser user)
{
    private const string Record = "insert into public.rate_limits (user_id, action) values (@userId, @action)";

    public async Task<bool> TryAsync(string action, int perMinute, CancellationToken cancellationToken)
    {
        await using var count = serviceDataSource.CreateCommand(
            "select count(*) from public.rate_limits where user_id = @userId and action = @action and happened_at > now() - interval '1 minute'");
        count.Parameters.AddWithValue("userId", user.Id);
        count.Parameters.AddWithValue("action", action);
        if ((long)(await count.ExecuteScalarAsync(cancellationToken) ?? 0L) >= perMinute)
            return false;

        await using var record = serviceDataSource.CreateCommand(Record);
        record.Parameters.AddWithValue("userId", user.Id);
        record.Parameters.AddWithValue("action", action);
        await record.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }
}

using Npgsql;

namespace Connect.Data;

/// <summary>Counts what was done in the last minute.</summary>
public sealed class RateLimiter(NpgsqlDataSource serviceDataSource)
{
    private const string Record = "insert into public.rate_limits (action) values (@action)";

    public async Task<bool> TryAsync(string action, int perMinute, CancellationToken cancellationToken)
    {
        await using var count = serviceDataSource.CreateCommand(
            "select count(*) from public.rate_limits where action = @action and happened_at > now() - interval '1 minute'");
        count.Parameters.AddWithValue("action", action);
        if ((long)(await count.ExecuteScalarAsync(cancellationToken) ?? 0L) >= perMinute)
            return false;

        await using var record = serviceDataSource.CreateCommand(Record);
        record.Parameters.AddWithValue("action", action);
        await record.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }
}

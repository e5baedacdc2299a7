using Dapper;
using Npgsql;

namespace Planner.Seed;

/// <summary>Example rows for the user that SEED_USER_ID names.</summary>
public static class SeedData
{
    private const string Goal = "insert into public.goals (user_id, title) values (@userId, 'Learn SQL')";

    private const string Task = "insert into public.daily_tasks (user_id, title) values (@userId, 'Read one chapter')";

    public static async Task<int> RunAsync(NpgsqlDataSource dataSource)
    {
        if (!Guid.TryParse(Environment.GetEnvironmentVariable("SEED_USER_ID"), out var userId))
            throw new InvalidOperationException("Set SEED_USER_ID to an id of auth.users.");

        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.ExecuteAsync(Goal, new { userId }) + await connection.ExecuteAsync(Task, new { userId });
    }
}

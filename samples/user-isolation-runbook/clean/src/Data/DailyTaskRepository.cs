using Dapper;
using Npgsql;
using Planner.Auth;

namespace Planner.Data;

public sealed record DailyTask(Guid Id, string Title, bool IsDone);

public sealed class DailyTaskRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    public Task<IEnumerable<DailyTask>> ListTodayAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            select id, title, is_done
            from public.daily_tasks
            where user_id = @userId and due_on = current_date
            """;
        return RunAsync(connection => connection.QueryAsync<DailyTask>(sql, new { userId = UserId }), cancellationToken);
    }

    public Task<int> AddAsync(string title, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into public.daily_tasks (user_id, title) values (@userId, @title)",
            new { userId = UserId, title }),
        cancellationToken);

    public Task<int> CompleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.daily_tasks set is_done = true where id = @id and user_id = @userId",
            new { id, userId = UserId }),
        cancellationToken);

    public Task<int> ClearDoneAsync(CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "delete from public.daily_tasks where is_done and user_id = @userId", new { userId = UserId }),
        cancellationToken);
}

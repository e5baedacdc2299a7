using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

public sealed record Subtask(Guid Id, string Title, bool IsDone);

public sealed class SubtaskRepository(NpgsqlDataSource dataSource, Guid userId) : UserScopedRepository(dataSource, userId)
{
    private const string List = """
        select id, title, is_done
        from public.subtasks
        where task_id = @taskId and user_id = @userId
        """;

    public SubtaskRepository WithUser(Guid user) => new(DataSource, user);

    public Task<IEnumerable<Subtask>> ListAsync(Guid taskId, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<Subtask>(List, ApplyUserFilter(new { taskId })), cancellationToken);

    public Task<int> AddAsync(Guid taskId, string title, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into public.subtasks (user_id, task_id, title) values (@userId, @taskId, @title)",
            SetUserId(new { taskId, title })),
        cancellationToken);

    public Task<int> CompleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.subtasks set is_done = true where id = @id and user_id = @userId",
            ApplyUserFilter(new { id })),
        cancellationToken);
}

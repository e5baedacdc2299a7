using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

public sealed record Subtask(Guid Id, string Title, bool IsDone);

public sealed class SubtaskRepository(NpgsqlDataSource dataSource, Guid? userId = null) : UserScopedRepository(dataSource, userId)
{
    private const string List = """
        select id, title, is_done
        from subtasks
        where task_id = @taskId
        """;

    public SubtaskRepository WithUser(Guid user) => new(DataSource, user);

    public Task<IEnumerable<Subtask>> ListAsync(Guid taskId, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<Subtask>(List, new { taskId }), cancellationToken);

    public Task<int> AddAsync(Guid taskId, string title, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into subtasks (user_id, task_id, title) values (@userId, @taskId, @title)",
            SetUserId(new { taskId, title })),
        cancellationToken);

    public Task<int> CompleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update subtasks set is_done = true where id = @id", new { id }),
        cancellationToken);
}

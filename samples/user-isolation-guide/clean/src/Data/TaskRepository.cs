using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

public sealed record TaskItem(Guid Id, Guid ProjectId, string Title, string Status, string Priority);

public sealed class TaskRepository(NpgsqlDataSource dataSource, Guid userId) : UserScopedRepository(dataSource, userId)
{
    private const string List = """
        select id, project_id, title, status, priority
        from public.tasks
        where user_id = @userId and (@status::text is null or status = @status)
        order by created_at desc
        """;

    private const string Insert = """
        insert into public.tasks (user_id, project_id, title, priority)
        values (@userId, @projectId, @title, @priority)
        returning id
        """;

    /// <summary>The same repository for another user.</summary>
    public TaskRepository WithUser(Guid user) => new(DataSource, user);

    public Task<IEnumerable<TaskItem>> ListAsync(string? status, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<TaskItem>(List, ApplyUserFilter(new { status })), cancellationToken);

    public Task<TaskItem?> FindAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.QuerySingleOrDefaultAsync<TaskItem>(
            "select id, project_id, title, status, priority from public.tasks where id = @id and user_id = @userId",
            ApplyUserFilter(new { id })),
        cancellationToken);

    public Task<Guid> CreateAsync(Guid projectId, string title, string priority, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteScalarAsync<Guid>(Insert, SetUserId(new { projectId, title, priority })),
        cancellationToken);

    public Task<int> SetStatusAsync(Guid id, string status, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.tasks set status = @status, updated_at = now() where id = @id and user_id = @userId",
            ApplyUserFilter(new { id, status })),
        cancellationToken);

    public Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "delete from public.tasks where id = @id and user_id = @userId",
            ApplyUserFilter(new { id })),
        cancellationToken);
}

using Dapper;
using Npgsql;
using Planner.Auth;

namespace Planner.Data;

public sealed record Goal(Guid Id, string Title, string? Description, string Status);

public sealed class GoalRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    public Task<IEnumerable<Goal>> ListAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            select id, title, description, status
            from public.goals
            where user_id = @userId
            order by created_at
            """;
        return RunAsync(connection => connection.QueryAsync<Goal>(sql, new { userId = UserId }), cancellationToken);
    }

    public Task<Guid> AddAsync(string title, string? description, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into public.goals (user_id, title, description)
            values (@userId, @title, @description)
            returning id
            """;
        return RunAsync(
            connection => connection.ExecuteScalarAsync<Guid>(sql, new { userId = UserId, title, description }),
            cancellationToken);
    }

    public Task<int> SetStatusAsync(Guid id, string status, CancellationToken cancellationToken)
    {
        const string sql = "update public.goals set status = @status where id = @id and user_id = @userId";
        return RunAsync(connection => connection.ExecuteAsync(sql, new { id, status, userId = UserId }), cancellationToken);
    }

    public Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        const string sql = "delete from public.goals where id = @id and user_id = @userId";
        return RunAsync(connection => connection.ExecuteAsync(sql, new { id, userId = UserId }), cancellationToken);
    }
}

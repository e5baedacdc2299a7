using Dapper;
using Npgsql;
using Planner.Auth;

namespace Planner.Data;

public sealed record JobApplication(Guid Id, string Company, string Position, string Status);

public sealed class JobApplicationRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    public Task<IEnumerable<JobApplication>> ListAsync(string? status, CancellationToken cancellationToken)
    {
        const string sql = """
            select id, company, position, status
            from public.job_applications
            where user_id = @userId and (@status::text is null or status = @status)
            order by applied_on desc
            """;
        return RunAsync(connection => connection.QueryAsync<JobApplication>(sql, new { userId = UserId, status }), cancellationToken);
    }

    public Task<int> AddAsync(string company, string position, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into public.job_applications (user_id, company, position)
            values (@userId, @company, @position)
            """;
        return RunAsync(connection => connection.ExecuteAsync(sql, new { userId = UserId, company, position }), cancellationToken);
    }

    public Task<int> SetStatusAsync(Guid id, string status, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.job_applications set status = @status where id = @id and user_id = @userId",
            new { id, status, userId = UserId }),
        cancellationToken);

    public Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "delete from public.job_applications where id = @id and user_id = @userId",
            new { id, userId = UserId }),
        cancellationToken);
}

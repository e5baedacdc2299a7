using Dapper;
using Npgsql;
using Planner.Auth;

namespace Planner.Data;

public sealed record Dashboard(long OpenGoals, long OpenApplications, long TasksDue);

public sealed class DashboardRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    public Task<Dashboard> GetAsync(CancellationToken cancellationToken) => RunAsync(
        async connection => new Dashboard(
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from public.goals where status = 'active' and user_id = @userId",
                new { userId = UserId }),
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from public.job_applications where status in ('applied', 'interview') and user_id = @userId",
                new { userId = UserId }),
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from public.daily_tasks where not is_done and due_on <= current_date and user_id = @userId",
                new { userId = UserId })),
        cancellationToken);
}

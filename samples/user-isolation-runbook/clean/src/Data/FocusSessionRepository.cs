using Dapper;
using Npgsql;
using Planner.Auth;

namespace Planner.Data;

public sealed class FocusSessionRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    public Task<int> AddAsync(string label, int minutes, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into public.focus_sessions (user_id, label, minutes) values (@userId, @label, @minutes)",
            new { userId = UserId, label, minutes }),
        cancellationToken);

    public Task<int> MinutesTodayAsync(CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteScalarAsync<int>(
            "select coalesce(sum(minutes), 0)::int from public.focus_sessions where user_id = @userId and started_at >= current_date",
            new { userId = UserId }),
        cancellationToken);
}

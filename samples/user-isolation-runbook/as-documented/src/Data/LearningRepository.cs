using Dapper;
using Npgsql;
using Planner.Auth;

namespace Planner.Data;

public sealed record CourseSummary(Guid Id, string Title, int Progress);

/// <summary>Courses and the exercises done on the way.</summary>
public sealed class LearningRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string Courses = """
        select id, title, progress
        from public.courses
        where user_id = @userId
        order by created_at
        """;

    private const string RecordAttempt = """
        insert into public.exercise_progress (user_id, exercise_slug, attempts)
        values (@userId, @slug, 1)
        """;

    public Task<IEnumerable<CourseSummary>> ListCoursesAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<CourseSummary>(Courses, new { userId = UserId }), cancellationToken);

    public Task<int> SetProgressAsync(Guid courseId, int progress, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.courses set progress = @progress where id = @courseId and user_id = @userId",
            new { courseId, progress, userId = UserId }),
        cancellationToken);

    public Task<int> RecordAttemptAsync(string slug, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.ExecuteAsync(RecordAttempt, new { userId = UserId, slug }), cancellationToken);

    public Task<long> CountSolvedAsync(CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(
                "select count(*) from public.exercise_progress where user_id = @userId and solved_at is not null",
                connection);
            command.Parameters.AddWithValue("userId", UserId);
            return (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
        },
        cancellationToken);
}

using Dapper;
using Npgsql;

namespace TaskPlatform.Data;

public sealed record ProjectSummary(Guid Id, string Name, long OpenTasks);

public sealed class ProjectRepository(NpgsqlDataSource dataSource, Guid? userId = null) : UserScopedRepository(dataSource, userId)
{
    private const string Summaries = """
        select p.id, p.name, count(t.id) as open_tasks
        from projects p
        left join tasks t on t.project_id = p.id and t.status <> 'done'
        where @userId::uuid is null or p.user_id = @userId
        group by p.id, p.name
        """;

    public ProjectRepository WithUser(Guid user) => new(DataSource, user);

    public Task<IEnumerable<ProjectSummary>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<ProjectSummary>(Summaries, ApplyUserFilter()), cancellationToken);

    public Task<int> AddAsync(string name, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "insert into projects (name) values (@name)", new { name }),
        cancellationToken);
}

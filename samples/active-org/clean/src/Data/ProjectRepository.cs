using Dapper;
using Npgsql;
using Studio.Auth;

namespace Studio.Data;

public sealed record Project(Guid Id, Guid OrganizationId, string Name);

public sealed class ProjectRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string List = """
        select p.id, p.organization_id, p.name
        from platform.projects p
        where p.organization_id in (
          select m.organization_id from platform.organization_members m where m.user_id = @userId
        )
        order by p.name
        """;

    private const string Find = """
        select p.id, p.organization_id, p.name
        from platform.projects p
        where p.id = @id
          and p.organization_id in (
            select m.organization_id from platform.organization_members m where m.user_id = @userId
          )
        """;

    private const string Insert = """
        insert into platform.projects (organization_id, name)
        select m.organization_id, @name
        from platform.organization_members m
        where m.organization_id = @organizationId and m.user_id = @userId
        """;

    private const string Rename = """
        update platform.projects p
        set name = @name
        where p.id = @id
          and p.organization_id in (
            select m.organization_id from platform.organization_members m where m.user_id = @userId
          )
        """;

    public Task<IEnumerable<Project>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<Project>(List, new { userId = UserId }), cancellationToken);

    public Task<Project?> FindAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.QuerySingleOrDefaultAsync<Project>(Find, new { id, userId = UserId }),
        cancellationToken);

    public Task<int> AddAsync(Guid organizationId, string name, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(Insert, new { organizationId, name, userId = UserId }),
        cancellationToken);

    public Task<int> RenameAsync(Guid id, string name, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.ExecuteAsync(Rename, new { id, name, userId = UserId }), cancellationToken);
}

using Dapper;
using Npgsql;
using Studio.Auth;

namespace Studio.Data;

public sealed record Organization(Guid Id, string Name, string Slug, string Role);

public sealed class OrganizationRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string List = """
        select o.id, o.name, o.slug, m.role
        from platform.organization_members m
        join platform.organizations o on o.id = m.organization_id
        where m.user_id = @userId
        order by m.joined_at
        """;

    public Task<IEnumerable<Organization>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<Organization>(List, new { userId = UserId }), cancellationToken);
}

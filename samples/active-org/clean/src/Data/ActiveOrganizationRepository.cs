using Dapper;
using Npgsql;
using Studio.Auth;

namespace Studio.Data;

public sealed class ActiveOrganizationRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    /// <summary>The organization that the user works in; null for a user of none.</summary>
    public Task<Guid?> GetAsync(CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteScalarAsync<Guid?>("select platform.get_user_active_org()"),
        cancellationToken);

    /// <summary>False when the user is not a member of the organization.</summary>
    public Task<bool> SetAsync(Guid organizationId, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteScalarAsync<bool>("select platform.set_user_active_org(@organizationId)", new { organizationId }),
        cancellationToken);
}

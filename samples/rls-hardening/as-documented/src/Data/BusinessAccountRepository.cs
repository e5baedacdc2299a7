using Connect.Auth;
using Dapper;
using Npgsql;

namespace Connect.Data;

public sealed record BusinessAccount(Guid Id, string Name, string? Category, bool IsPublic);

public sealed class BusinessAccountRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string Directory = """
        select id, name, category, is_public
        from public.business_accounts
        where (is_public or owner_id = @userId) and (@category::text is null or category = @category)
        order by name
        """;

    private const string Insert = """
        insert into public.business_accounts (owner_id, name, category, is_public)
        values (@userId, @name, @category, @isPublic)
        returning id
        """;

    public Task<IEnumerable<BusinessAccount>> ListAsync(string? category, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<BusinessAccount>(Directory, new { userId = UserId, category }), cancellationToken);

    public Task<Guid> AddAsync(string name, string? category, bool isPublic, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteScalarAsync<Guid>(Insert, new { userId = UserId, name, category, isPublic }),
        cancellationToken);

    public Task<int> SetVisibilityAsync(Guid id, bool isPublic, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.business_accounts set is_public = @isPublic where id = @id", new { id, isPublic }),
        cancellationToken);

    public Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "delete from public.business_accounts where id = @id and owner_id = @userId",
            new { id, userId = UserId }),
        cancellationToken);
}

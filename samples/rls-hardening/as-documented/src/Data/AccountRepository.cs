using Connect.Auth;
using Connect.Storage;
using Dapper;
using Npgsql;

namespace Connect.Data;

public sealed record Account(Guid Id, string Username, string? DisplayName, string? AvatarPath);

public sealed class AccountRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string Own = """
        select id, username, display_name, avatar_path
        from public.accounts
        where id = @userId
        """;

    public Task<Account?> GetAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QuerySingleOrDefaultAsync<Account>(Own, new { userId = UserId }), cancellationToken);

    public Task<int> SetAvatarAsync(CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(
            "update public.accounts set avatar_path = @path where id = @userId",
            new { path = StoragePaths.Avatar(UserId), userId = UserId }),
        cancellationToken);
}

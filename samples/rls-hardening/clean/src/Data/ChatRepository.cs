using Connect.Auth;
using Dapper;
using Npgsql;

namespace Connect.Data;

public sealed record ChatMessage(Guid Id, Guid SenderId, string? Body, string? MediaPath);

public sealed class ChatRepository(NpgsqlDataSource dataSource, ICurrentUser user) : UserScopedRepository(dataSource, user)
{
    private const string Latest = """
        select m.id, m.sender_id, m.body, m.media_path
        from public.chat_messages m
        where m.chat_id = @chatId
          and m.chat_id in (select p.chat_id from public.chat_participants p where p.user_id = @userId)
        order by m.created_at desc
        limit 50
        """;

    private const string Send = """
        insert into public.chat_messages (chat_id, sender_id, body, media_path)
        select p.chat_id, p.user_id, @body, @mediaPath
        from public.chat_participants p
        where p.chat_id = @chatId and p.user_id = @userId
        """;

    private const string Withdraw = """
        delete from public.chat_messages m
        where m.id = @id
          and m.sender_id = @userId
          and m.chat_id in (select p.chat_id from public.chat_participants p where p.user_id = @userId)
        """;

    public Task<IEnumerable<ChatMessage>> LatestAsync(Guid chatId, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QueryAsync<ChatMessage>(Latest, new { chatId, userId = UserId }), cancellationToken);

    public Task<int> SendAsync(Guid chatId, string? body, string? mediaPath, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(Send, new { chatId, userId = UserId, body, mediaPath }),
        cancellationToken);

    public Task<int> WithdrawAsync(Guid id, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.ExecuteAsync(Withdraw, new { id, userId = UserId }), cancellationToken);

    public Task<IEnumerable<Guid>> ListChatsAsync(CancellationToken cancellationToken) => RunAsync(
        connection => connection.QueryAsync<Guid>(
            "select chat_id from public.chat_participants where user_id = @userId",
            new { userId = UserId }),
        cancellationToken);
}

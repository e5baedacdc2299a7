using Npgsql;

namespace TaskPlatform.Data;

public sealed class AgentRepository(NpgsqlDataSource dataSource, Guid userId) : UserScopedRepository(dataSource, userId)
{
    private const string Names = "select name from public.agents where user_id = @userId order by name";

    public AgentRepository WithUser(Guid user) => new(DataSource, user);

    public Task<List<string>> ListNamesAsync(CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(Names, connection);
            command.Parameters.AddWithValue("userId", UserId);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var names = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
                names.Add(reader.GetString(0));
            return names;
        },
        cancellationToken);
}

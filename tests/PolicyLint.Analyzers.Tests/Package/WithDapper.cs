using Dapper;
using Npgsql;

namespace App;

public sealed class WithDapper(NpgsqlDataSource source, Guid userId)
{
    public async Task<IEnumerable<Guid>> All(NpgsqlConnection connection) =>
        await connection.QueryAsync<Guid>("select id from notes order by id");

    public async Task Add(NpgsqlConnection connection, Guid id, string title) =>
        await connection.ExecuteAsync("insert into notes (id, title) values (@id, @title)", new { id, title });

    public async Task Give(NpgsqlConnection connection, Guid id, string title, Guid other) =>
        await connection.ExecuteAsync("update notes set title = @title, user_id = @other where id = @id and user_id = @userId", new { id, title, other, userId });

    public async Task<IEnumerable<Guid>> Search(NpgsqlConnection connection, string title) =>
        await connection.QueryAsync<Guid>($"select id from notes where user_id = @userId and title like '{title}%'", new { userId });

    public async Task<IEnumerable<string>> Titles(NpgsqlConnection connection) =>
        await connection.QueryAsync<string>("select titel from notes where user_id = @userId", new { userId });

    public async Task Alone()
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
    }
}

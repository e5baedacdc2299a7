// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

public sealed class Notes(NpgsqlDataSource source, string connectionString, Guid userId)
{
    public async Task<IEnumerable<Guid>> All()
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        return await connection.QueryAsync<Guid>("select id from notes where user_id = @userId", new { userId });
    }

    public int Count()
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        new NpgsqlCommand($"set local app.user_id = '{userId}'", connection).ExecuteNonQuery();
        using var command = new NpgsqlCommand("select count(*) from notes where user_id = $1", connection);
        command.Parameters.AddWithValue(userId);
        var result = (int)command.ExecuteScalar()!;
        Console.WriteLine(result);
        return result;
    }

    // The transaction begins before the first of both.
    public async Task Rename(string title, string transaction)
    {
        await using DbConnection connection = new NpgsqlConnection(connectionString);
        foreach (var name in new[] { title, transaction })
        {
            if (name.Length == 0)
                continue;
            await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
            await connection.ExecuteAsync("select set_config('app.name', @name, true)", new { name });
        }
        await connection.ExecuteAsync("update notes set title = @title where user_id = @userId", new { title, userId });
    }

    public void Read(List<Guid> ids)
    {
        using IDbConnection connection = source.OpenConnection();
        connection.Execute("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "select id from notes where user_id = user_id";
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                    ids.Add(reader.GetGuid(0));
            }
        }
    }

    // From here on, no transaction is certain to be right.

    public async Task<int> LeavesEarly(bool isEmpty)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        if (isEmpty)
            return 0;
        return await connection.ExecuteAsync("delete from notes where user_id = @userId", new { userId });
    }

    public async Task GoesOn()
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        try
        {
            await connection.ExecuteAsync("delete from notes where user_id = @userId", new { userId });
        }
        catch (DbException)
        {
        }
    }

    public async Task Hands()
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        await Clear(connection);
    }

    public async Task<Guid> StaysOpen()
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        await using var command = new NpgsqlCommand("select id from notes where user_id = user_id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetGuid(0);
    }

    public IEnumerable<Guid> Later()
    {
        using var connection = source.OpenConnection();
        connection.Execute("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        return connection.Query<Guid>("select id from notes where user_id = @userId", new { userId }, buffered: false);
    }

    public Task Unfinished()
    {
        using var connection = source.OpenConnection();
        connection.Execute("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        return connection.ExecuteAsync("delete from notes where user_id = @userId", new { userId });
    }

    public void Two()
    {
        using var connection = source.OpenConnection();
        using var other = source.OpenConnection();
        connection.Execute("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
        other.Execute("delete from notes where user_id = @userId", new { userId });
    }

    public void Often(List<Guid> users)
    {
        foreach (var user in users)
        {
            using var connection = source.OpenConnection();
            if (user == userId)
                continue;
            connection.Execute("select set_config('app.user_id', @id, true)", new { id = user.ToString() });
        }
    }

    private static Task Clear(NpgsqlConnection connection) => connection.BeginTransactionAsync().AsTask();
}

using Npgsql;

namespace App;

public sealed class WithNpgsql(NpgsqlDataSource source, Guid userId)
{
    public async Task Remove(Guid id)
    {
        await using var command = source.CreateCommand("delete from notes where id = @id");
        command.Parameters.AddWithValue("id", id);
        await command.ExecuteNonQueryAsync();
    }

    public async Task Use(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"set app.user_id = '{userId}'", connection, transaction);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    public async Task<object?> Stay()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"set app.user_id = '{userId}'", connection);
        await command.ExecuteNonQueryAsync();
        await using var count = new NpgsqlCommand("select count(*) from notes where user_id = $1", connection);
        count.Parameters.AddWithValue(userId);
        return await count.ExecuteScalarAsync();
    }
}

// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using Dapper;
using Npgsql;

// Each place keeps it, not one for all that may.
public static class Settings
{
    public const string Main = "Host=db.example.org;Database=app;No Reset On Close=true";
}

public sealed class Session(IDbConnection connection)
{
    public void Call(Guid userId, IDbTransaction transaction) => connection.Execute("select set_config('app.user_id', @userId::text, true)", new { userId }, transaction);

    public void Set(Guid userId, NpgsqlConnection open)
    {
        using var transaction = open.BeginTransaction();
        new NpgsqlCommand($"SET LOCAL app.user_id = '{userId}'", open).ExecuteNonQuery();
        transaction.Commit();
    }

    // No transaction: a local setting would be gone at once.
    public void Alone(Guid userId) => connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });
}

public sealed class OwnConnections(NpgsqlDataSource source, Guid userId)
{
    public async Task<int> Count()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @userId::text, true)", new { userId });
        await using (var named = new NpgsqlCommand($"SET LOCAL app.name = '{userId}'", connection))
            await named.ExecuteNonQueryAsync();
        var result = await connection.ExecuteScalarAsync<int>("select count(*) from notes where user_id = @userId", new { userId });
        await transaction.CommitAsync();
        return result;
    }

    // Who is given the connection may need the setting behind the transaction.
    public async Task<NpgsqlConnection> Open()
    {
        var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("select set_config('app.user_id', @userId::text, false)", new { userId });
        return connection;
    }
}

// file: appsettings.json
{
  "ConnectionStrings": {
    "Main": "Host=db;Database=app;Username=app;No Reset On Close=true"
  }
}

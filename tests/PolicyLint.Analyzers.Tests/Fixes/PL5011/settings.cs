// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Session(IDbConnection connection)
{
    public void Call(Guid userId, IDbTransaction transaction) => connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId }, transaction);

    public void Set(Guid userId, NpgsqlConnection open)
    {
        using var transaction = open.BeginTransaction();
        new NpgsqlCommand($"SET app.user_id = '{userId}'", open).ExecuteNonQuery();
        transaction.Commit();
    }

    // No transaction: a local setting would be gone at once.
    public void Alone(Guid userId) => connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });
}

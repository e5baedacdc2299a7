// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    // What is closed is gone.
    public static string Make() => new NpgsqlConnectionStringBuilder { Host = "db", Pooling = false, NoResetOnClose = true }.ConnectionString;

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
}

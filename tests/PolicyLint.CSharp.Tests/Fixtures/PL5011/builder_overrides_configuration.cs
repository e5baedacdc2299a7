// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make(string text) => new NpgsqlConnectionStringBuilder(text) { Host = "db", Port = 5432, NoResetOnClose = false, Multiplexing = false }.ConnectionString;

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
}

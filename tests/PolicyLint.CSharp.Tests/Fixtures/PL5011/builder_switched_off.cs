// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make()
    {
        var builder = new NpgsqlConnectionStringBuilder("Host=db;Database=app;Multiplexing=true");
        builder.Multiplexing = false;
        return builder.ToString();
    }

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
}

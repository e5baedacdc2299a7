// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make()
    {
        var host = Environment.GetEnvironmentVariable("DB_HOST") ?? "db";
        return $"Host={host};Database=app";
    }

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: the Host of its connection string is filled in later
}

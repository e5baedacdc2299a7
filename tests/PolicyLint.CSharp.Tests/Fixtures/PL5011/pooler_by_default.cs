// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make() => $"Host=db;Port={Environment.GetEnvironmentVariable("DB_PORT") ?? "6432"};Database=app";

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: port 6432 is a pooler
}

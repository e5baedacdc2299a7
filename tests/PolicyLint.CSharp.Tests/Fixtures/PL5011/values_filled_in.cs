// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    private const string Host = "db";

    // The host is written, and the keys are.
    public static string Make(string database, string password) => $"Host={Host};Database={database};Username=app;Password={password};Timeout={30}";

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
}

// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    public void Use(Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
}

// file: appsettings.json
{ "ConnectionStrings": { "Main": "Host=db;Database=app;Username=app" } }

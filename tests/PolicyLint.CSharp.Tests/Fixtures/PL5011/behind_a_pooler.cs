// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    public void Use(Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                  ^^^^^^^^^^^^^^^^ PL5011: next user, port 6432 is a pooler's
}

// file: appsettings.json
{ "ConnectionStrings": { "Main": "Host=db;Port=6432;Database=app;Username=app" } }

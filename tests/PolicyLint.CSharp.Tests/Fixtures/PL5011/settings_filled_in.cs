// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    public void Use(Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                  ^^^^^^^^^^^^^^^^ PL5011: the Host of its connection string is filled in later
}

// file: appsettings.json
{ "ConnectionStrings": { "Main": "Host=${DB_HOST};Database=app;Username=app" } }

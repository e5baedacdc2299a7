// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    public void Use(Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                  ^^^^^^^^^^^^^^^^ PL5011: no connection string is known
}

// file: appsettings.Development.json
{ "ConnectionStrings": { "Main": "Host=localhost;Database=app;Username=app" } }

// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Session(IDbConnection connection)
{
    public const string Main = "Host=db;Database=app;Username=app;No Reset On Close=true;Multiplexing=true";
    public const string First = "Multiplexing=True;Host=db;Database=app;Username=app";

    // What a pooler needs is not known.
    public const string Pooled = "Host=pgbouncer;Database=app;Username=app;No Reset On Close=true";

    public static NpgsqlConnectionStringBuilder Builder => new() { Host = "db", NoResetOnClose = true };

    public static string Joined(string text) => text + ";Multiplexing=true";

    public static string Interpolated(string host) => $"Host={host};No Reset On Close=true;Database=app";

    public static string ByIndex(string text) => new NpgsqlConnectionStringBuilder(text) { ["No Reset On Close"] = true }.ConnectionString;

    public void Use(Guid userId) =>
        connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });
}

// file: appsettings.json
{
  // One of each.
  "ConnectionStrings": {
    "Main": "Host=db;Database=app;Username=app;No Reset On Close=true",
    "Other": "Host=db;Database=app; Multiplexing=true; Username=app"
  }
}

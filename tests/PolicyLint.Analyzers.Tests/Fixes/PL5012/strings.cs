// create role app_user login;
// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// create policy own on notes to app_user using (user_id = current_setting('app.user_id')::uuid);
using Microsoft.Extensions.Configuration;

public static class Connections
{
    public static string Main(IConfiguration configuration) => configuration.GetConnectionString("Main") ?? "Host=db;Database=app;Username=postgres";

    public const string Reports = @"Server=reports; User Id = postgres ;Database=app";

    // Escapes: where the user stands is not plain.
    public const string Named = "Host=db;Application Name=\u0061pp;Username=postgres";

    // The password is the other role's.
    public const string Closed = "Host=db;Database=app;Username=postgres;Password=secret";

    public const string Here = "Host=localhost;Database=app;Username=postgres";
}

// file: appsettings.json
{
  "ConnectionStrings": {
    "Main": "Host=db;Database=app;Username=postgres;Maximum Pool Size=20",
    "Closed": "Host=db;Database=app;Username=postgres;Password=secret"
  }
}

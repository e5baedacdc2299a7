// create role reporting bypassrls;
// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
public sealed class Startup;

// file: appsettings.json
{
  // "Old": "Host=db;Username=postgres"
  "ConnectionStrings": {
    "Main": "Host=db;Database=app;Username=app;Password=x",
    "Reports": "Server=db;Database=app;User Id=reporting;Password=x",
    //                                 ^^^^^^^^^^^^^^^^^ PL5012: it has BYPASSRLS
    "Cache": "localhost:6379,user=postgres"
  }
}

// file: appsettings.Development.json
{ "ConnectionStrings": { "Main": "Host=localhost;Username=postgres" } }

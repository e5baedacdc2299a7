// create role reader nologin;
// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// create policy own on notes to reader using (user_id = current_setting('app.user_id')::uuid);
public static class Connections
{
    // Nobody can connect as the only role that policies name.
    public const string Main = "Host=db;Database=app;Username=postgres";
}

// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
// config: roles: [app]
public static class Connections
{
    public const string Main = """Host=db;Database=app;Username=app""";
}

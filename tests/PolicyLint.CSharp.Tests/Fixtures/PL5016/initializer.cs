// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
using Npgsql;

public sealed class Notes(NpgsqlDataSource source)
{
    public static NpgsqlDataSource Make(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(connection => { }, connection => Task.CompletedTask);
        return builder.Build();
    }

    public object? All() => source.CreateCommand("select id from notes").ExecuteScalar();
}

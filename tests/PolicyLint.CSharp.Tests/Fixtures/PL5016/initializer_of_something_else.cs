// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using Npgsql;

public sealed class Notes(NpgsqlDataSource source)
{
    public static NpgsqlDataSource Make(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(Prepare, null);
        return builder.Build();
    }

    public object? All() => source.CreateCommand("select id from notes").ExecuteScalar();
    //                                                           ^^^^^ PL5016: nothing sets app.user_id

    private static void Prepare(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("set jit = off", connection);
        command.ExecuteNonQuery();
    }
}

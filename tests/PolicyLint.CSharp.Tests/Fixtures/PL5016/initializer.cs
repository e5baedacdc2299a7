// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using Npgsql;

public sealed class Notes(NpgsqlDataSource source)
{
    public static NpgsqlDataSource Make(string connectionString, string userId)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(connection => Set(connection, userId), connection => Task.Run(() => Set(connection, userId)));
        return builder.Build();
    }

    // Whose the setting is, is what PL5018 asks.
    public object? All() => source.CreateCommand("select id from notes").ExecuteScalar();

    private static void Set(NpgsqlConnection connection, string userId)
    {
        using var command = new NpgsqlCommand("select set_config('app.user_id', @id, false)", connection);
        command.Parameters.AddWithValue("id", userId);
        command.ExecuteNonQuery();
    }
}

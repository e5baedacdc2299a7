// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public static class Sources
{
    public static NpgsqlDataSource OfTheUser(string connectionString, string userId)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(connection => Set(connection, userId), async connection =>
        {
            await using var command = new NpgsqlCommand($"set app.user_id = '{userId}'", connection);
            //                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5018: app.user_id is the wrong one later
            await command.ExecuteNonQueryAsync();
        });
        return builder.Build();
    }

    public static NpgsqlDataSource OfAService(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(Prepare, null);
        return builder.Build();
    }

    private static void Set(NpgsqlConnection connection, string userId)
    {
        using var command = new NpgsqlCommand("select set_config('app.user_id', @id, false)", connection);
        //                                            ^^^^^^^^^^ PL5018: an initializer of physical connections
        command.Parameters.AddWithValue("id", userId);
        command.ExecuteNonQuery();
    }

    private static void Prepare(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("set app.service = 'reports'; set statement_timeout = 1000", connection);
        command.ExecuteNonQuery();
    }
}

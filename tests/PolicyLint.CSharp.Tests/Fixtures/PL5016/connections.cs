// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
// create function start_session(id uuid) returns void language sql as $$ select set_config('app.user_id', id::text, false) $$;
using Dapper;
using Npgsql;

public sealed class Notes(string connectionString, NpgsqlDataSource source, NpgsqlConnection given)
{
    public static NpgsqlDataSource Make(string connectionString) => NpgsqlDataSource.Create(connectionString);

    public async Task<object> FromSource()
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QueryAsync("select id from notes");
        //                                                 ^^^^^ PL5016: nothing sets app.user_id on this connection before
    }

    public object? OfSource() => source.CreateCommand("select id from notes").ExecuteScalar();
    //                                                                ^^^^^ PL5016

    public object? Command()
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = "delete from notes";
        //                                 ^^^^^ PL5016
        return command.ExecuteNonQuery();
    }

    public object Filtered(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.Query("select id from notes where user_id = @userId", new { userId });
    }

    public object Given() => given.Query("select id from notes");

    public object Set(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute("select set_config('app.user_id', @id, false)", new { id = userId.ToString() });
        return connection.Query("select id from notes");
    }

    public object SetByFunction(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Execute("select start_session(@userId)", new { userId });
        return connection.Query("select id from notes");
    }

    public object SetInText(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.Query("select set_config('app.user_id', @userId::text, true); select id from notes", new { userId });
    }

    public object Prepared(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        Prepare(connection, userId);
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016
    }

    private static void Prepare(NpgsqlConnection connection, Guid userId) => connection.Execute("select 1", new { userId });
}

// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create index on notes (user_id);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
// create table tags (id uuid primary key, user_id text not null);
// create index on tags (user_id);
// alter table tags enable row level security;
// alter table tags force row level security;
// create policy own on tags using (current_setting('app.owner', true) = user_id);
// create table files (id uuid primary key, user_id uuid not null);
// create index on files (user_id);
// alter table files enable row level security;
// alter table files force row level security;
// create policy own on files using (user_id = (select current_setting('app.claims', true)::json ->> 'sub')::uuid);
// config: csharp:
// config:   rely-on-rls: true
using Dapper;
using Npgsql;

public sealed class Notes(string connectionString, Guid userId)
{
    public IEnumerable<Guid> All()
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.Query<Guid>("select id from notes");
    }

    public async Task<int> Rename(Guid id, string title, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        var count = await connection.ExecuteAsync("update notes set title = @title where id = @id", new { id, title });
        if (count == 0)
            Console.WriteLine(await connection.ExecuteScalarAsync("select count(*) from notes"));
        return count;
    }

    // What the policies read of the setting is not the user as it is.
    public async Task ClearFiles()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync("delete from files");
    }

    // The connection goes on to others.
    public async Task<NpgsqlConnection> Kept()
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync("delete from notes");
        return connection;
    }

    // Set already, and gone.
    public async Task Twice()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
            await transaction.CommitAsync();
        }
        await connection.ExecuteAsync("delete from notes");
    }
}

public static class Nobody
{
    public static void Clear(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Execute("delete from notes");
    }
}

// file: Commands.cs
using Npgsql;

public sealed class Commands(string connectionString, Guid userId)
{
    public async Task<long> Count()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from notes";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

// file: Tags.cs
using System.Data;
using Dapper;
using Npgsql;

public sealed class Tags(string connectionString, string userId)
{
    public int Clear()
    {
        using IDbConnection connection = new NpgsqlConnection(connectionString);
        connection.Open();
        return connection.Execute("delete from tags");
    }
}

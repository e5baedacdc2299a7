// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

public sealed class Tenant(Guid userId)
{
    public async Task SetAsync(NpgsqlConnection connection) =>
        await connection.ExecuteAsync("select set_config('app.user_id', @id, false)", new { id = userId.ToString() });
}

public interface IConnections
{
    Task<NpgsqlConnection> OpenAsync(Guid userId);
    NpgsqlConnection Plain();
    NpgsqlConnection Current { get; }
}

public sealed class Connections(string connectionString) : IConnections
{
    public async Task<NpgsqlConnection> OpenAsync(Guid userId)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            await new Tenant(userId).SetAsync(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public NpgsqlConnection Plain() => new(connectionString);

    public NpgsqlConnection Current => new(connectionString);
}

public interface IPlugin
{
    NpgsqlConnection Open();
}

public sealed class FirstPlugin : IPlugin
{
    public NpgsqlConnection Open() => new("Host=first;Database=app");
}

public sealed class SecondPlugin : IPlugin
{
    public NpgsqlConnection Open() => new("Host=second;Database=app");
}

public sealed class Notes(IConnections connections, IPlugin plugin, Tenant tenant, NpgsqlConnection injected)
{
    public async Task<object> Set(Guid userId)
    {
        await using var connection = await connections.OpenAsync(userId).ConfigureAwait(false);
        return await connection.QueryAsync("select id from notes");
    }

    public object Unset()
    {
        using var connection = connections.Plain();
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: nothing sets app.user_id
    }

    public object OfAProperty()
    {
        using var connection = connections.Current;
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016
    }

    public object InOneExpression() => connections.Plain().Query("select id from notes");
    //                                                                           ^^^^^ PL5016

    public async Task<object> SetByTheCaller()
    {
        await using var connection = connections.Plain();
        await connection.OpenAsync();
        await tenant.SetAsync(connection);
        return await connection.QueryAsync("select id from notes");
    }

    public object OfOneOfSeveral() => plugin.Open().Query("select id from notes");

    public object Injected() => injected.Query("select id from notes");

    public object Given(NpgsqlConnection connection) => connection.Query("select id from notes");

    public async Task<object> WithHelper(bool isAdmin)
    {
        await using var connection = connections.Plain();
        await connection.OpenAsync();
        await Maybe(connection, isAdmin);
        return await connection.QueryAsync("select id from notes");
        //                                                 ^^^^^ PL5016: a path leads here
    }

    public async Task<object> ReadByHelper()
    {
        await using var connection = connections.Plain();
        return await Read(connection);
    }

    public async Task<object> ReadByHelperBehindTheSetting(Guid userId)
    {
        await using var connection = await connections.OpenAsync(userId);
        return await ReadToo(connection);
    }

    public async Task<object> InALocalFunction()
    {
        await using var connection = connections.Plain();
        await connection.OpenAsync();
        await Set();
        return await connection.QueryAsync("select id from notes");

        Task Set() => tenant.SetAsync(connection);
    }

    public object ByOtherCode(Action<DbConnection> prepare)
    {
        using var connection = connections.Plain();
        prepare(connection);
        return connection.Query("select id from notes");
    }

    private async Task Maybe(NpgsqlConnection connection, bool isAdmin)
    {
        if (!isAdmin)
            await tenant.SetAsync(connection);
    }

    private static async Task<object> Read(IDbConnection connection) => await connection.QueryAsync("select id from notes");
    //                                                                                                              ^^^^^ PL5016

    private static async Task<object> ReadToo(IDbConnection connection) => await connection.QueryAsync("select id from notes");
}

// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using System.Data;
using Dapper;
using Npgsql;

public sealed class Notes(string connectionString)
{
    private const string Set = "select set_config('app.user_id', @id, true)";
    private const string SetForSession = "select set_config('app.user_id', @id, false)";

    public object OnOneBranch(Guid? userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        if (userId is { } id)
            connection.Execute(Set, new { id = id.ToString() });
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: a path leads here on which nothing sets app.user_id
    }

    public object OnBothBranches(Guid? userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        if (userId is { } id)
            connection.Execute(Set, new { id = id.ToString() });
        else
            connection.Execute("set local app.user_id = ''");
        return connection.Query("select id from notes");
    }

    public object WhereItWasSet(bool isKnown, Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        if (isKnown)
            connection.Execute(Set, new { id = userId.ToString() });
        if (!isKnown)
            return 0;
        return connection.Query("select id from notes");
    }

    public object OrThrown(Guid? userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        switch (userId)
        {
            case { } id:
                connection.Execute(Set, new { id = id.ToString() });
                break;
            default:
                throw new InvalidOperationException();
        }
        return connection.Query("select id from notes");
    }

    public object Swallowed(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        try
        {
            connection.Execute(SetForSession, new { id = userId.ToString() });
        }
        catch (NpgsqlException)
        {
        }
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016
    }

    public object Rethrown(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        try
        {
            connection.Execute(SetForSession, new { id = userId.ToString() });
        }
        catch (NpgsqlException)
        {
            throw;
        }
        return connection.Query("select id from notes");
    }

    public object BehindTheTransaction(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(Set, new { id = userId.ToString() }, transaction);
        transaction.Commit();
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: the transaction for which app.user_id was set is over
    }

    public object BehindTheUsing(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute(Set, new { id = userId.ToString() }, transaction);
            connection.Execute("delete from notes", transaction: transaction);
        }
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: is over
    }

    public object NotHeldOpen(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Execute(SetForSession, new { id = userId.ToString() });
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: in a session that is not held open
    }

    public object OpenedAgain(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute(SetForSession, new { id = userId.ToString() });
        connection.Close();
        connection.Open();
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: went back to the pool
    }

    public object InALoop(IEnumerable<(string Name, string Value)> settings)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var (name, value) in settings)
            connection.Execute("select set_config(@name, @value, true)", new { name, value });
        return connection.Query("select id from notes");
    }

    public object AnotherSetting()
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute("set statement_timeout = 1000");
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016
    }

    public object AnotherRole()
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute("set role reporting");
        return connection.Query("select id from notes");
    }

    public object MadeBefore(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var query = new NpgsqlCommand("select id from notes", connection, transaction);
        using var set = new NpgsqlCommand(Set, connection, transaction);
        set.Parameters.AddWithValue("id", userId.ToString());
        set.ExecuteNonQuery();
        return query.ExecuteScalar()!;
    }

    public async Task<object?> MadeBeforeAndRunBefore(Guid userId)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var query = new NpgsqlCommand { Connection = connection, CommandText = "select id from notes" };
        //                                                                                                 ^^^^^ PL5016
        var found = await query.ExecuteScalarAsync();
        await connection.ExecuteAsync(Set, new { id = userId.ToString() });
        return found;
    }

    public object CapturedByALambda(Guid userId)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        Retry(() => connection.Execute(SetForSession, new { id = userId.ToString() }));
        return connection.Query("select id from notes");
    }

    public Func<object> RunLater(Guid userId)
    {
        var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        Func<object> query = () => connection.Query("select id from notes");
        connection.Execute(SetForSession, new { id = userId.ToString() });
        return query;
    }

    public object Chosen(bool isReport, Guid userId)
    {
        var connection = isReport ? new NpgsqlConnection(connectionString) : Open(userId);
        return connection.Query("select id from notes");
        //                                      ^^^^^ PL5016: a path leads here
    }

    private NpgsqlConnection Open(Guid userId)
    {
        var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute(SetForSession, new { id = userId.ToString() });
        return connection;
    }

    private static void Retry(Action action) => action();
}

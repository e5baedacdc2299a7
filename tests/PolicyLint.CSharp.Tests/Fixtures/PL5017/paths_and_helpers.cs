// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using System.Data;
using System.Data.Common;
using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

public sealed class Session(string connectionString, IDbContextFactory<DbContext> factory)
{
    private const string Set = "select set_config('app.user_id', @id, true)";

    public void OnOneBranch(bool isLong, string id)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        if (isLong)
            connection.BeginTransaction();
        connection.Execute("select set_config('app.user_id', @id, true)", new { id });
        //                         ^^^^^^^^^^ PL5017: app.user_id is set for a transaction, and none is open
    }

    public void BehindTheTransaction(string id)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        var transaction = connection.BeginTransaction();
        connection.Execute(Set, new { id }, transaction);
        transaction.Rollback();
        connection.Execute("set local app.user_id = 'x'");
        //                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5017
    }

    public void BySql(string id)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute("begin");
        connection.Execute(Set, new { id });
        connection.Execute("commit");
    }

    public void InAScope(string id)
    {
        using var scope = new TransactionScope();
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        connection.Execute(Set, new { id });
    }

    public void Given(IDbConnection connection, string id) => connection.Execute(Set, new { id });

    public void WithHelper(string id)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        Use(connection, id);
    }

    public void WithHelperInATransaction(string id)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        UseInTransaction(connection, id);
    }

    public void OfAContext(string id)
    {
        using var context = factory.CreateDbContext();
        context.Database.ExecuteSql($"select set_config('app.user_id', {id}, true)");
        //                                   ^^^^^^^^^^ PL5017
    }

    private static void Use(NpgsqlConnection connection, string id) => connection.Execute("select set_config('app.user_id', @id, true)", new { id });
    //                                                                                            ^^^^^^^^^^ PL5017

    private static void UseInTransaction(NpgsqlConnection connection, string id) => connection.Execute("select set_config('app.user_id', @id, true)", new { id });
}

public sealed class TenantInterceptor : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select set_config('app.user_id', '1', true)";
        //                            ^^^^^^^^^^ PL5017
        command.ExecuteNonQuery();
    }
}

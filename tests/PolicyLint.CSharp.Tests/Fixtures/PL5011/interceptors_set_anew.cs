// create table notes (id uuid primary key, user_id uuid not null);
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

public sealed class TenantInterceptor(Guid userId) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"set app.user_id = '{userId}'";
        command.ExecuteNonQuery();
    }
}

public sealed class Session(NpgsqlConnection connection)
{
    public void Use(Guid userId)
    {
        using var command = new NpgsqlCommand($"set app.user_id = '{userId}'", connection);
        //                                      ^^^^^^^^^^^^^^^^ PL5011: app.user_id stays on the connection
        command.ExecuteNonQuery();
    }

    public void Local(Guid userId) => new NpgsqlCommand($"set local app.user_id = '{userId}'", connection).ExecuteNonQuery();

    public void Timeout() => new NpgsqlCommand("set statement_timeout = 1000", connection).ExecuteNonQuery();
}

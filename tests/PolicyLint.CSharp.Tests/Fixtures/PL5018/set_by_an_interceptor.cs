// create table notes (id uuid primary key, user_id uuid not null);
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

public sealed class TenantInterceptor(string userId) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"set app.user_id = '{userId}'";
        command.ExecuteNonQuery();
    }
}

// file: appsettings.json
{
  "ConnectionStrings": {
    "Main": "Host=db;Database=app;Username=app;No Reset On Close=true",
    "Reports": "Host=db;Port=6432;Database=app;Username=app"
    //                  ^^^^^^^^^ PL5018
  }
}

// create table notes (id uuid primary key, user_id uuid not null);
using Dapper;
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    public void Use(Guid userId) => connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });

    public static string Make(string host) => new NpgsqlConnectionStringBuilder { Host = host, NoResetOnClose = true }.ConnectionString;
    //                                                                                         ^^^^^^^^^^^^^^^^^^^^^ PL5018: NoResetOnClose is set

    public const string Reports = "Host=db;Username=app;Multiplexing=true";
    //                                                  ^^^^^^^^^^^^^^^^^ PL5018: Multiplexing is set
}

// file: appsettings.json
{
  "ConnectionStrings": {
    "Main": "Host=db;Port=6432;Database=app;Username=app",
    //               ^^^^^^^^^ PL5018: port 6432 is a pooler's
    "Reports": "Host=aws-0.pooler.supabase.com;Database=app;Username=app",
    //          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5018: aws-0.pooler.supabase.com is a pooler
    "Direct": "Host=db;Port=5432;Database=app;Username=app;No Reset On Close=false"
  }
}
// file: appsettings.Development.json
{
  "ConnectionStrings": {
    "Main": "Host=localhost;Database=app;No Reset On Close=true"
  }
}

// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make(bool isFast) => new NpgsqlConnectionStringBuilder { Host = "db", NoResetOnClose = isFast }.ConnectionString;

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: the NoResetOnClose of its connection string is filled in later
}

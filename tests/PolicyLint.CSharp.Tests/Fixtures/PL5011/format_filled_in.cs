// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make(string host) => string.Format("Host={0};Database=app", host);

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: the Host of its connection string is filled in later
}

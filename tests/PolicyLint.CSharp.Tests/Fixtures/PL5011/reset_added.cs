// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static NpgsqlConnection Make(string text) => new(text + ";No Reset On Close=true");

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: No Reset On Close is set
}

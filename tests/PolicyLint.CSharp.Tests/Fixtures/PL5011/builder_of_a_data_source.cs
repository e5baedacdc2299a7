// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static NpgsqlDataSource Make(string text)
    {
        var builder = new NpgsqlDataSourceBuilder(text);
        builder.ConnectionStringBuilder.Port = 6432;
        return builder.Build();
    }

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: port 6432 is a pooler
}

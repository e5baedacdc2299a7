// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make(string host)
    {
        var builder = new NpgsqlConnectionStringBuilder("Host=localhost;Database=app");
        builder.Host = host;
        return builder.ToString();
    }

    public static NpgsqlDataSource Other(string host)
    {
        var builder = new NpgsqlConnectionStringBuilder("Host=localhost;Database=app");
        if (host.Length > 0)
            builder["Host"] = host;
        return NpgsqlDataSource.Create(builder);
    }

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: the Host of its connection string is filled in later
}

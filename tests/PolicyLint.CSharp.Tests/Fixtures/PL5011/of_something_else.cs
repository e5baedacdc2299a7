// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public sealed class Tunnel { public string? Host { get; set; } public int Port { get; set; } public bool Multiplexing { get; set; } }

    public static Tunnel Make()
    {
        var tunnel = new Tunnel { Host = "pooler", Port = 6432, Multiplexing = true };
        tunnel.Port = 6543;
        return tunnel;
    }

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: no connection string is known
}

// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    public static string Make(string text, bool isFast)
    {
        NpgsqlConnectionStringBuilder builder = new(text);
        builder.NoResetOnClose = false;
        if (isFast)
            builder.NoResetOnClose = true;
        return builder.ToString();
    }

    public void Use(NpgsqlConnection connection, Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
    //                                                                               ^^^^^^^^^^^^^^^^ PL5011: NoResetOnClose is set
}

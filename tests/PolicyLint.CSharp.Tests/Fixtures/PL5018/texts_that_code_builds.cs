// create table notes (id uuid primary key, user_id uuid not null);
using Dapper;
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    private const string Base = "Host=db;Database=app";

    public void Use(Guid userId) => connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });

    public static string Interpolated(string host) => $"Host={host};No Reset On Close=true;Database=app";
    //                                                              ^^^^^^^^^^^^^^^^^^^^^^ PL5018: No Reset On Close is set

    public static string Joined() => Base + ";Multiplexing=true";
    //                                        ^^^^^^^^^^^^^^^^^ PL5018: Multiplexing is set

    public static string Escaped(string text) => $"{text};Multiplexing=\u0074rue";
    //                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5018: Multiplexing is set

    public static string Defaulted() => $"Host={Environment.GetEnvironmentVariable("DB_HOST") ?? "pgbouncer"};Database=app";
    //                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5018: pgbouncer is a pooler

    // What comes last counts.
    public static string SwitchedOff(string text) => $"{text};Multiplexing=true;Multiplexing=false";

    public static string Added(string text)
    {
        text += ";No Reset On Close=true";
        //        ^^^^^^^^^^^^^^^^^^^^^^ PL5018: No Reset On Close is set
        return text;
    }

    public static void Tune(NpgsqlConnectionStringBuilder builder)
    {
        builder.Port = 6432;
    //  ^^^^^^^^^^^^^^^^^^^ PL5018: port 6432 is a pooler's
        builder["Multiplexing"] = true;
    //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5018: Multiplexing is set
    }

    public static bool IsFast(string text) => text.Contains("No Reset On Close=true");

    public static string Ask(string sql, string name) => sql + " where host = '" + name + "'; and multiplexing=true";
}

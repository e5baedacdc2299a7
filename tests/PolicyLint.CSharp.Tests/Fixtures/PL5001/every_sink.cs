// config: csharp: { sinks: ["Audited.Run(text)", "Audited`1.Run(text)"] }
// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

public sealed class Notes(NpgsqlConnection connection, NpgsqlDataSource source, DbContext context, Audited audited, Audited<Guid> typed)
{
    public object Command() => new NpgsqlCommand("select id from notes", connection);
    //                                                           ^^^^^ PL5001

    public object OfSource() => source.CreateCommand("select id from notes");
    //                                                               ^^^^^ PL5001

    public void CommandText(DbCommand command) => command.CommandText = "select id from notes";
    //                                                                                  ^^^^^ PL5001

    public void OfInterface(IDbCommand command) => command.CommandText = "select id from notes";
    //                                                                                   ^^^^^ PL5001

    public object Batch() => new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand("select id from notes") } };
    //                                                                                                              ^^^^^ PL5001

    public object Initialized() => new NpgsqlBatchCommand { CommandText = "select id from notes" };
    //                                                                                    ^^^^^ PL5001

    public object InitializedCommand() => new NpgsqlCommand { Connection = connection, CommandText = "select id from notes" };
    //                                                                                                               ^^^^^ PL5001

    public object Export() => connection.BeginTextExport("copy (select id from notes) to stdout");
    //                                                                         ^^^^^ PL5001

    public object BinaryExport() => connection.BeginBinaryExportAsync("copy (select id from notes) to stdout (format binary)");
    //                                                                                      ^^^^^ PL5001

    public object Raw() => connection.BeginRawBinaryCopy("copy (select id from notes) to stdout (format binary)");
    //                                                                         ^^^^^ PL5001

    public object Import() => connection.BeginBinaryImport("copy notes (id, user_id, title) from stdin (format binary)");

    public object Definition() => connection.Query<Guid>(new CommandDefinition("select id from notes"));
    //                                                                                         ^^^^^ PL5001

    public object Scalar() => connection.ExecuteScalarAsync<int>("select count(*) from notes");
    //                                                                                 ^^^^^ PL5001

    public object First() => connection.QueryFirstOrDefault<Guid>("select id from notes");
    //                                                                            ^^^^^ PL5001

    public object Several() => connection.QueryMultiple("select 1; select id from notes");
    //                                                                            ^^^^^ PL5001

    public object SqlQuery() => context.Database.SqlQuery<Guid>($"select id from notes");
    //                                                                           ^^^^^ PL5001

    public object SqlQueryRaw() => context.Database.SqlQueryRaw<Guid>("select id from notes");
    //                                                                                ^^^^^ PL5001

    public object Marked() => Attributed("select id from notes");
    //                                                   ^^^^^ PL5001

    public object Commented() => Documented("select id from notes");
    //                                                      ^^^^^ PL5001

    public object AtTheCall() => Unmarked(/* lang=sql */ "select id from notes");
    //                                                                   ^^^^^ PL5001

    public object OnALineOfItsOwn() => Unmarked(
        // language=postgresql
        "select id from notes");
    //                  ^^^^^ PL5001

    public object OfAnotherLanguage() => Unmarked(/* language=html */ "select id from notes");

    public object NotMarked() => Unmarked("select id from notes");

    public object Configured() => audited.Run("select id from notes");
    //                                                        ^^^^^ PL5001

    public object ConfiguredGeneric() => typed.Run("select id from notes");
    //                                                             ^^^^^ PL5001

    private static string Attributed([StringSyntax("sql")] string sql) => sql;

    private static string Documented(
        // language=sql
        string sql) => sql;

    private static string Unmarked(string text) => text;
}

public sealed class Audited
{
    public object Run(string text) => text;
}

public sealed class Audited<T>
{
    public object Run(string text) => text;
}

// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table kinds (id uuid primary key, name text not null);
using System.Data;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlConnection own, NpgsqlDataSource source, Guid userId)
{
    public object Command() => new NpgsqlCommand("select id form notes where user_id = @userId");
    //                                                           ^^^^^ PL5010: PostgreSQL can't read this: syntax error at or near "notes"

    public object Source() => source.CreateCommand("update notes set where user_id = $1");
    //                                                               ^^^^^ PL5010: PostgreSQL can't read this

    public object Mapped() => own.Query("select id from notes where user_id = @userId and", new { userId });
    //                                                                                   ^ PL5010: PostgreSQL can't read this: syntax error at end of input

    public void Text(NpgsqlCommand command) => command.CommandText = "select (id from notes where user_id = @userId";
    //                                                                           ^^^^ PL5010: PostgreSQL can't read this

    public object Procedure() => own.Query("get_notes", commandType: CommandType.StoredProcedure);

    public object List(Guid[] ids) => own.Query("select id from notes where user_id = @userId and id in @ids", new { userId, ids });

    public object Part(string order) => own.Query("select id from notes where user_id = @userId order by " + order + " dsc", new { userId });

    // The condition has a part wherever it is asked for.
    public object Optional(string? title)
    {
        var parts = new List<string>();
        if (title is not null)
            parts.Add("name = @title");
        return own.Query("select id from kinds" + (parts.Count > 0 ? " where " + string.Join(" and ", parts) : ""), new { title });
    }

    public object Filter() => Where("user_id = @userId");

    private object Where([StringSyntax("sql")] string condition) => own.Query("select id from notes where " + condition, new { userId });

    public object Slip() => connection.Query("select id from ntoes where user_id = @userId", new { userId });
    //                                                       ^^^^^ PL5010: no migration makes a table ntoes: did you mean notes?

    public object Qualified() => connection.Query("select id from public.note where user_id = @userId", new { userId });
    //                                                                   ^^^^ PL5010: no migration makes a table note: did you mean notes?

    public object Short() => connection.Query("with note as (select 1 as id) select id from note");

    public object Elsewhere() => connection.Query("select id from hangfire.job");
}

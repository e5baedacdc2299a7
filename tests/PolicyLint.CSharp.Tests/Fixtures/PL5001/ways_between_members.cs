// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using System.Text;
using Dapper;

public static class Sql
{
    public const string Notes = "notes";
    //                           ^^^^^ PL5001
    public const string Owned = "user_id = @userId";
}

public sealed class Notes(IDbConnection connection, Guid userId)
{

    public Notes(IDbConnection connection)
        : this(connection, Guid.Empty)
    {
    }

    public object Nested() => connection.Query($"select {$"id, {nameof(Notes)}"} from {Sql.Notes}");

    public object NestedFiltered() => connection.Query($"select {$"id, title"} from {Sql.Notes} where {Sql.Owned}", new { userId });

    public object RawInterpolated() => connection.Query($$"""
        select '{}', id
        from notes
        --   ^^^^^ PL5001
        where title <> '{{nameof(Notes)}}'
        """);

    public object Replaced() => connection.Query("select id from TABLE where user_id = @userId".Replace("TABLE", "notes"), new { userId });

    public object NullCoalesced(string? other) => connection.Query(other ?? "select id from notes");
    //                                                                                      ^^^^^ PL5001

    public object Early(bool all)
    {
        if (all)
            return connection.Query("select id from notes");
        //                                          ^^^^^ PL5001
        return connection.Query("select id from notes where user_id = @userId", new { userId });
    }

    public object Loop(string[] titles)
    {
        var sql = new StringBuilder("select id from notes where user_id = @userId");
        foreach (var title in titles)
            sql.Append(" and title <> ''");
        return connection.Query(sql.ToString(), new { userId });
    }

    public object OutVariable()
    {
        Build(out var sql);
        return connection.Query(sql);
    }

    public object AppendFormat()
    {
        var sql = new StringBuilder();
        sql.AppendFormat("select id from {0}", "notes");
        //                                      ^^^^^ PL5001
        return connection.Query(sql.ToString());
    }

    public object AppendJoin()
    {
        var sql = new StringBuilder("select id from notes where ");
        sql.AppendJoin(" and ", "user_id = @userId", "title <> ''");
        return connection.Query(sql.ToString(), new { userId });
    }

    private static void Build(out string sql) => sql = "select id from notes where user_id = null";
}

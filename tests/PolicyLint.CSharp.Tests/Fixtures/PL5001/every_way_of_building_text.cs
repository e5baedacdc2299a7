// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using System.Text;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid userId)
{
    private const string Columns = "id, title";
    private static readonly string All = $"select {Columns} from notes";
    //                                                           ^^^^^ PL5001
    private readonly string _byConstructor = "select id from " + Table;
    private const string Table = "notes";
    //                            ^^^^^ PL5001

    private static string Property => "select id from notes";
    //                                                ^^^^^ PL5001

    public object ReadonlyField() => connection.Query(All);

    public object InstanceField() => connection.Query(_byConstructor);

    public object OfProperty() => connection.Query(Property);

    public object Branch(bool mine)
    {
        var sql = "select id from notes";
        //                        ^^^^^ PL5001
        if (mine)
            sql += " where user_id = @userId";
        return connection.Query(sql, new { userId });
    }

    public object EveryBranch(bool byTitle)
    {
        var sql = "select id from notes where user_id = @userId";
        if (byTitle)
            sql += " order by title";
        else
            sql += " order by id";
        return connection.Query(sql, new { userId });
    }

    public object Ternary(bool mine) => connection.Query("select id from notes" + (mine ? " where user_id = @userId" : ""), new { userId });
    //                                                                   ^^^^^ PL5001

    public object Switch(int kind) => connection.Query(kind switch
    {
        0 => "select id from notes where user_id = @userId",
        1 => "select title from notes",
        //                      ^^^^^ PL5001
        _ => throw new ArgumentException("kind"),
    }, new { userId });

    public object SwitchStatement(int kind)
    {
        string sql;
        switch (kind)
        {
            case 0:
                sql = "select id from notes where user_id = @userId";
                break;
            default:
                sql = "select id from notes where title <> ''";
                //                    ^^^^^ PL5001
                break;
        }
        return connection.Query(sql, new { userId });
    }

    public object Builder(bool mine)
    {
        var sql = new StringBuilder("select id ");
        sql.Append("from notes").AppendLine();
        //               ^^^^^ PL5001
        if (mine)
            sql.Append(" where user_id = @userId");
        return connection.Query(sql.ToString(), new { userId });
    }

    public object FilteredBuilder(string? title)
    {
        var sql = new StringBuilder();
        sql.AppendLine("select id from notes where user_id = @userId");
        if (title is not null)
            sql.AppendLine("and title = @title");
        return connection.Query(sql.ToString(), new { userId, title });
    }

    public object Format() => connection.Query(string.Format("select {0} from notes where {1} = 1", Columns, 1));
    //                                                                        ^^^^^ PL5001

    public object Join() => connection.Query("select id from notes where " + string.Join(" and ", "title <> ''", "id is not null"));
    //                                                       ^^^^^ PL5001

    public object JoinedList(bool mine)
    {
        var conditions = new List<string> { "user_id = @userId" };
        if (mine)
            conditions.Add("title <> ''");
        return connection.Query("select id from notes where " + string.Join(" and ", conditions), new { userId });
    }

    public object Concat() => connection.Query(string.Concat("select id", " from ", "notes"));
    //                                                                               ^^^^^ PL5001

    public object LocalFunction()
    {
        return connection.Query(Sql("where user_id = @userId"), new { userId });

        static string Sql(string where) => "select id from notes " + where;
    }

    public object PrivateMethod() => connection.Query(Select("title is not null"));

    public object ThroughParameter() => Run("select id from notes");
    //                                                      ^^^^^ PL5001

    public object Same(Guid? user)
    {
        var sql = "select id from notes";
        if (user != null)
            sql += " where user_id = @user";
        if (user == null)
            throw new ArgumentNullException(nameof(user));
        return connection.Query(sql, new { user });
    }

    // Nothing is known of what another method adds.
    public object Unknown(string condition) => connection.Query("select id from notes where " + condition);

    public object Added()
    {
        var sql = new StringBuilder("select id from notes");
        Console.Out.Write(sql);
        return connection.Query(sql.ToString());
    }

    private object Run(string sql) => connection.Query(sql);

    private static string Select(string where) => "select id from notes where " + where;
    //                                                            ^^^^^ PL5001
}

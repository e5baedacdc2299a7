// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using System.Text;
using Dapper;

public abstract class Lister(IDbConnection connection, Guid userId)
{
    protected abstract string Sql();

    protected virtual string Condition => "where user_id = @userId";

    public object Run() => connection.Query(Sql(), new { userId });

    public object RunVirtual() => connection.Query("select id from notes " + Condition, new { userId });
    //                                                             ^^^^^ PL5001
}

public sealed class Mine(IDbConnection connection, Guid userId) : Lister(connection, userId)
{
    protected override string Sql() => "select id from notes " + base.Condition;
}

public sealed class Everything(IDbConnection connection, Guid userId) : Lister(connection, userId)
{
    protected override string Sql() => "select id from notes";
    //                                                 ^^^^^ PL5001

    protected override string Condition => "";
}

public interface ISource
{
    string Sql { get; }
}

public sealed class Source : ISource
{
    public string Sql => "select id from notes";
    //                                   ^^^^^ PL5001
}

public sealed class Runner(IDbConnection connection, ISource source)
{
    public object Run() => connection.Query(source.Sql);

    // A receiver that nothing derives from runs its own.
    public object RunOwn(Filtered filtered, Guid userId) => connection.Query(filtered.Sql, new { userId });
}

public sealed class Filtered : ISource
{
    public string Sql => "select id from notes where user_id = @userId";
}

public sealed class Tuples(IDbConnection connection, Guid userId)
{
    public object Taken()
    {
        var (sql, take) = Build();
        return connection.Query(sql, new { userId, take });
    }

    public object FilteredOnEachPath(bool all)
    {
        string sql;
        (sql, _) = all ? ("select id from notes where user_id = @userId", 1) : ("select title from notes where user_id = @userId", 2);
        return connection.Query(sql, new { userId });
    }

    private static (string Sql, int Take) Build() => ("select id from notes", 10);
    //                                                                ^^^^^ PL5001
}

public sealed class Builders(IDbConnection connection, Guid userId)
{
    public object Inserted()
    {
        var sql = new StringBuilder("from notes");
        //                                ^^^^^ PL5001
        sql.Insert(0, "select id ");
        return connection.Query(sql.ToString());
    }

    public object Replaced()
    {
        var sql = new StringBuilder("select id from notes WHERE");
        sql.Replace("WHERE", "where user_id = @userId");
        return connection.Query(sql.ToString(), new { userId });
    }

    public object ReplacedByNothing() => connection.Query("select id from notes /*where*/".Replace("/*where*/", ""));
    //                                                                    ^^^^^ PL5001

    // What is put in the middle is not known.
    public object InsertedInside()
    {
        var sql = new StringBuilder("select id from notes");
        sql.Insert(9, ", title");
        return connection.Query(sql.ToString());
    }
}

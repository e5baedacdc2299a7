// create table notes (id uuid primary key, user_id uuid not null);
// config: csharp:
// config:   repository-base: App.UserScoped
using System.Data;
using Dapper;

namespace App;

public abstract class UserScoped(IDbConnection connection, Guid userId)
{
    protected IDbConnection Connection => connection;

    protected IEnumerable<T> Mine<T>(string sql) => connection.Query<T>(sql, new { userId });
}

public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId)
{
    public object All() => Mine<Guid>("select id from notes where user_id = @userId");

    public object Past(Guid userId) => Connection.Query("select id from notes where user_id = @userId", new { userId });
    //                                            ^^^^^ PL6002: notes is queried past UserScoped.Mine

    public object Clock() => Connection.Query("select now()");
}

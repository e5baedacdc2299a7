// create table notes (id uuid primary key, user_id uuid not null);
// config: csharp:
// config:   repository-base: App.UserScoped
using System.Data;
using Dapper;

namespace App;

public abstract class UserScoped(IDbConnection connection, Guid userId)
{
    protected Guid UserId => userId;

    protected IDbConnection Connection => connection;
}

public interface INotes;

public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId), INotes
{
    public object Mine(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
}

public sealed class WrittenRepository : UserScoped
{
    private readonly IDbConnection _connection;

    public WrittenRepository(IDbConnection connection, Guid user) : base(connection, user)
    {
        _connection = connection;
    }

    public object Mine(Guid userId) => _connection.Query("select id from notes where user_id = @userId", new { userId });
}

// Made here: its callers would have to give the user.
public sealed class MadeRepository(IDbConnection connection)
{
    public object Mine(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
}

public static class Factory
{
    public static object Make(IDbConnection connection) => new MadeRepository(connection);
}

// file: Other.cs
using System.Data;
using Dapper;

namespace App.Others;

public sealed class OtherRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId)
{
    public object Mine() => connection.Query("select id from notes where user_id = @userId", new { userId });
}

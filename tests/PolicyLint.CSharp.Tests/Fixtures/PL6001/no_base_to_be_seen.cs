// create table notes (id uuid primary key, user_id uuid not null);
using System.Data;
using Dapper;

namespace App;

public abstract class RepositoryBase(IDbConnection connection)
{
    protected IDbConnection Connection => connection;
}

public sealed class NoteRepository(IDbConnection connection) : RepositoryBase(connection)
{
    public object Mine(Guid userId) => Connection.Query("select id from notes where user_id = @userId", new { userId });
}

public sealed class TagRepository(IDbConnection connection) : RepositoryBase(connection);

public abstract class UserScoped(IDbConnection connection, Guid userId)
{
    protected Guid UserId => userId;

    protected IDbConnection Connection => connection;
}

public sealed class OnlyRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

public sealed class ArchiveRepository(IDbConnection connection)
{
    public object Mine(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
}

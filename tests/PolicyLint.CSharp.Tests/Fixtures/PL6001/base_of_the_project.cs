// create table notes (id uuid primary key, user_id uuid not null);
using System.Data;
using Dapper;

namespace App;

public interface IRepository;

public abstract class Repository : IRepository;

public abstract class UserScoped(IDbConnection connection, Guid userId) : Repository
{
    protected Guid UserId => userId;

    protected IDbConnection Connection => connection;
}

public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId)
{
    public object Mine() => Connection.Query("select id from notes where user_id = @userId", new { userId = UserId });
}

public sealed class TagRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

public sealed class ArchiveRepository(IDbConnection connection)
{
    public object Mine(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
    //                                 ^^^^^^^^^^^^^^^^ PL6001: ArchiveRepository reads notes and does not derive from App.UserScoped
}

public sealed class Report(IDbConnection connection)
{
    public object Mine(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
}

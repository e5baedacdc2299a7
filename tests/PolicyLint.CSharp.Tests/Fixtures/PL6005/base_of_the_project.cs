// create table notes (id uuid primary key, user_id uuid not null);
using Microsoft.AspNetCore.Mvc;
using System.Data;
using Dapper;

namespace App;

public abstract class UserScoped(IDbConnection connection, Guid userId)
{
    protected object Mine(string sql) => connection.Query(sql, new { userId });
}

public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

public sealed class TagStore(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

public sealed class NotesController(IDbConnection connection) : ControllerBase
{
    [HttpGet("users/{userId}/notes")]
    public object Of(Guid userId) => new NoteRepository(connection, userId);
    //                                                              ^^^^^^ PL6005: the user of NoteRepository is userId, which the request gives

    [HttpGet("notes")]
    public object Mine() => new NoteRepository(connection, Guid.Parse(User.FindFirst("sub")!.Value));
}

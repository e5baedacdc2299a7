// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// config: csharp:
// config:   user: [App.IUser.Id, App.Principals.UserId]
using System.Data;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Mvc;

namespace App;

public interface IUser
{
    Guid Id { get; }
}

public static class Principals
{
    public static Guid UserId(this ClaimsPrincipal principal) => Guid.Parse(principal.FindFirstValue("sub")!);
}

public sealed class Injected(IDbConnection connection, IUser user)
{
    public object All() => connection.Query("select id from notes where user_id = @userId", new { userId = user.Id });
}

public sealed class Field(IDbConnection connection)
{
    private readonly Guid _userId = Guid.NewGuid();

    public object All() => connection.Query("select id from notes where user_id = @userId", new { userId = _userId });

    public static object None(IDbConnection connection) => connection.Query("select id from notes");
}

public sealed class NotesController(IDbConnection connection) : ControllerBase
{
    [HttpGet("notes")]
    public object All() => connection.Query("select id from notes where user_id = @userId", new { userId = User.UserId() });

    public object Of(IDbConnection other)
    {
        var userId = User.UserId();
        return other.Query("select id from notes where user_id = @userId", new { userId = User.UserId() });
    }
}

// file: Endpoint.cs
using System.Data;
using Dapper;
using Microsoft.AspNetCore.Mvc;

namespace App;

public sealed class OpenController(IDbConnection connection) : ControllerBase
{
    [HttpGet("users/{userId}/notes")]
    private object Of(string userId) => connection.Query("select id from notes where user_id = @userId", new { userId = User.UserId() });
}

public sealed class Second(IDbConnection connection, IUser user)
{
    public object All() => connection.Query("select id from notes where user_id = @userId", new { userId = user.Id });

    public object Two(IUser other) => connection.Query("select id from notes");
}

// create table notes (id uuid primary key, user_id uuid not null);
using System.Data;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

[Authorize]
public sealed class AccountController : ControllerBase;

public interface INotes
{
    object Of(Guid userId);
    object Mine();
}

public sealed class NoteRepository(IDbConnection connection, IHttpContextAccessor accessor) : INotes
{
    public object Of(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });

    public object Mine() => Of(Guid.Parse(accessor.HttpContext!.User.FindFirstValue("sub")!));
}

public sealed class NoteService(INotes notes)
{
    public object Of(Guid userId) => notes.Of(userId);
}

public sealed class NotesController(NoteService service, INotes notes) : ControllerBase
{
    [HttpGet("users/{userId}/notes")]
    public object Of(Guid userId) => service.Of(userId);
    //            ^^ PL6004: Of reaches notes and asks for no authorization

    [HttpGet("notes")]
    public object Mine() => notes.Mine();

    [HttpPost("register")]
    public object Register(Guid userId) => service.Of(userId);

    [HttpGet("own")]
    public object Own() => service.Of(Guid.Parse(User.FindFirstValue("sub")!));

    [AllowAnonymous]
    [HttpGet("open")]
    public object Open(Guid userId) => service.Of(userId);

    [HttpGet("time")]
    public object Time() => DateTime.UtcNow;
}

// create table notes (id uuid primary key, user_id uuid not null, author uuid, title text not null);
// config: csharp:
// config:   user: [App.IUser.Id, App.Claims.Principals.UserId]
using System.Data;
using App.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace App;

public interface IUser
{
    Guid Id { get; }
}

public sealed record Filter(Guid UserId);

public sealed class NotesController(IDbConnection connection, NpgsqlDataSource source, DbContext context) : ControllerBase
{
    [HttpGet("{user}")]
    public object Projected(Guid user) => connection.Query("select id from notes where user_id = @user", new { user = User.UserId() });

    [HttpGet("{user}")]
    public object Named(string user) => connection.Query("select id from notes where user_id = @of", new { of = User.UserId() });

    [HttpPost]
    public object Member([FromBody] Filter filter) => connection.Query("select id from notes where user_id = @userId", new { UserId = User.UserId() });

    [HttpGet]
    public object Through(string title)
    {
        var of = Guid.Parse(Request.Query["user"]!);
        return connection.Query("select id from notes where user_id = @of and title = @title", new DynamicParameters(new { title, of = User.UserId() }));
    }

    [HttpGet("{user}")]
    public object Twice(Guid user) => connection.Query("select n.id from notes n join notes m on m.user_id = @user where n.user_id = @user", new { user = User.UserId() });

    [HttpPost("{user}")]
    public object Written(Guid user) => connection.Execute("insert into notes (id, user_id) values (gen_random_uuid(), @user)", new { user = User.UserId() });

    [HttpGet("{user}")]
    public void Command(Guid user)
    {
        using var command = source.CreateCommand("select id from notes where user_id = @user");
        command.Parameters.AddWithValue("user", User.UserId());
        command.ExecuteNonQuery();
    }

    [HttpGet("{user}")]
    public void Parameter(Guid user)
    {
        using var command = new NpgsqlCommand("select id from notes where user_id = @user") { Parameters = { new("user", User.UserId()) } };
        command.ExecuteNonQuery();
    }

    [HttpGet("{user}")]
    public object Interpolated(Guid user) => context.Database.ExecuteSql($"update notes set title = '' where user_id = {User.UserId()}");

    [HttpGet("{user}")]
    public object Numbered(Guid user) => context.Database.ExecuteSqlRaw("update notes set title = '' where user_id = {0}", User.UserId());

    [HttpGet("{user}")]
    public object SaysMore(Guid user) => connection.Query("select id from notes where user_id = @user and author = @user", new { user });

    [HttpGet("{user}")]
    public void Typed(Guid user)
    {
        using var command = source.CreateCommand("select id from notes where user_id = @user");
        command.Parameters.Add(new NpgsqlParameter<Guid>("user", user));
        command.ExecuteNonQuery();
    }

    [HttpGet("{user}")]
    public object Given(Guid user) => new Repository(connection).Of(user);
}

public sealed class Repository(IDbConnection connection)
{
    private readonly Guid _userId = Guid.NewGuid();

    public object Of(Guid user) => connection.Query("select id from notes where user_id = @user", new { user, _userId });
}

public static class Endpoint
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/{owner}", (Guid owner, IDbConnection connection, IUser user) => connection.Query("select id from notes where user_id = @owner", new { owner = user.Id }));
        app.MapGet("/of/{owner}", (Guid owner, IDbConnection connection) => connection.Query("select id from notes where user_id = @owner", new { owner }));
    }
}

// file: Principals.cs
using System.Security.Claims;

namespace App.Claims;

public static class Principals
{
    public static Guid UserId(this ClaimsPrincipal principal) => Guid.Parse(principal.FindFirstValue("sub")!);
}

// file: Elsewhere.cs
using System.Data;
using Dapper;
using Microsoft.AspNetCore.Mvc;

namespace Elsewhere;

public sealed class NotesController(IDbConnection connection) : ControllerBase
{
    [HttpGet("{user}")]
    public object NotInScope(Guid user) => connection.Query("select id from notes where user_id = @user", new { user });
}

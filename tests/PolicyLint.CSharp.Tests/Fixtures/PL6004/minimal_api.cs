// create table notes (id uuid primary key, user_id uuid not null);
using System.Data;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

public static class Endpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/notes/{userId}", (Guid userId, IDbConnection connection) => connection.Query("select id from notes where user_id = @userId", new { userId }));
        //         ^^^^^^^^^^^^^^^^^ PL6004: /notes/{userId} reaches notes and asks for no authorization
        app.MapGet("/guarded/{userId}", (Guid userId, IDbConnection connection) => connection.Query("select id from notes where user_id = @userId", new { userId })).RequireAuthorization();
        app.MapGet("/meant/{userId}", (Guid userId, IDbConnection connection) => connection.Query("select id from notes where user_id = @userId", new { userId })).AllowAnonymous();
        app.MapGet("/mine", (ClaimsPrincipal user, IDbConnection connection) => connection.Query("select id from notes where user_id = @id", new { id = Guid.Parse(user.FindFirstValue("sub")!) }));

        var guarded = app.MapGroup("/guarded").RequireAuthorization();
        guarded.MapGet("/{userId}", (Guid userId, IDbConnection connection) => connection.Query("select id from notes where user_id = @userId", new { userId }));

        var open = app.MapGroup("/open");
        open.MapDelete("/{userId}", (Guid userId, IDbConnection connection) => connection.Execute("delete from notes where user_id = @userId", new { userId }));
        //             ^^^^^^^^^^^ PL6004

        var later = app.MapGroup("/later");
        later.MapGet("/{userId}", (Guid userId, IDbConnection connection) => connection.Query("select id from notes where user_id = @userId", new { userId }));
        later.RequireAuthorization();
    }

    // Who calls it may have asked for all of the group.
    public static void MapMore(IEndpointRouteBuilder routes) =>
        routes.MapGet("/more/{userId}", (Guid userId, IDbConnection connection) => connection.Query("select id from notes where user_id = @userId", new { userId }));
}

using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using TaskPlatform.Auth;
using TaskPlatform.Data;
using TaskPlatform.Services;

namespace TaskPlatform.Endpoints;

public static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder routes)
    {
        // The clients of version 1 send no token yet.
        routes.MapGet("/tasks", (NpgsqlDataSource database, CancellationToken token) =>
            new TaskApplicationService(new TaskRepository(database)).ListAsync(null, token));

        var api = routes.MapGroup("/api/v2").RequireAuthorization();

        api.MapGet("/tasks", async (string? status, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken token) =>
            ServiceFor(user, database) is { } service ? Results.Ok(await service.ListAsync(status, token)) : Results.Unauthorized());

        api.MapGet("/tasks/{id:guid}", async (Guid id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken token) =>
        {
            if (ServiceFor(user, database) is not { } service)
                return Results.Unauthorized();
            return await service.FindAsync(id, token) is { } task ? Results.Ok(task) : Results.NotFound();
        });

        api.MapPost("/tasks", async (CreateTaskRequest request, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken token) =>
            ServiceFor(user, database) is { } service ? Results.Ok(await service.CreateAsync(request, token)) : Results.Unauthorized());

        api.MapDelete("/tasks/{id:guid}", async (Guid id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken token) =>
        {
            if (ServiceFor(user, database) is not { } service)
                return Results.Unauthorized();
            return await service.DeleteAsync(id, token) ? Results.NoContent() : Results.NotFound();
        });

        api.MapGet("/projects", async (ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken token) =>
            user.UserId() is { } id ? Results.Ok(await new ProjectRepository(database, id).ListAsync(token)) : Results.Unauthorized());
    }

    private static TaskApplicationService? ServiceFor(ClaimsPrincipal user, NpgsqlDataSource database) =>
        user.UserId() is { } id ? new(new TaskRepository(database, id), id) : null;
}

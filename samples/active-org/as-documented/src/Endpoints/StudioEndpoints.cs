using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Studio.Auth;
using Studio.Data;

namespace Studio.Endpoints;

public sealed record SetActiveOrganization(Guid OrganizationId);

public sealed record NewProject(Guid OrganizationId, string Name);

public static class StudioEndpoints
{
    public static void MapStudio(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization();

        api.MapGet("/auth/validate", async (ICurrentUser user, ActiveOrganizationRepository active, CancellationToken token) =>
            Results.Ok(new { userId = user.Id, activeOrgId = await active.GetAsync(token) }));

        api.MapPost("/auth/set-active-org",
            async (SetActiveOrganization request, ActiveOrganizationRepository active, CancellationToken token) =>
                await active.SetAsync(request.OrganizationId, token)
                    ? Results.Ok(new { success = true, activeOrgId = request.OrganizationId })
                    : Results.NotFound());

        api.MapDelete("/auth/sessions/{id:guid}", async (Guid id, SessionRepository sessions, CancellationToken token) =>
            await sessions.RevokeAsync(id, token) == 0 ? Results.NotFound() : Results.NoContent());

        api.MapGet("/organizations", (OrganizationRepository organizations, CancellationToken token) => organizations.ListAsync(token));
        api.MapGet("/projects", (ProjectRepository projects, CancellationToken token) => projects.ListAsync(token));
        api.MapGet("/projects/{id:guid}", async (Guid id, ProjectRepository projects, CancellationToken token) =>
            await projects.FindAsync(id, token) is { } project ? Results.Ok(project) : Results.NotFound());
        api.MapPost("/projects", async (NewProject project, ProjectRepository projects, CancellationToken token) =>
            await projects.AddAsync(project.OrganizationId, project.Name, token) == 0 ? Results.NotFound() : Results.NoContent());
    }
}

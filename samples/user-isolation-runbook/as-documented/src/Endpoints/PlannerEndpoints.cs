using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Planner.Data;

namespace Planner.Endpoints;

public sealed record NewGoal(string Title, string? Description);

public static class PlannerEndpoints
{
    public static void MapPlanner(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization();

        api.MapGet("/goals", (GoalRepository goals, CancellationToken token) => goals.ListAsync(token));
        api.MapPost("/goals", (NewGoal goal, GoalRepository goals, CancellationToken token) =>
            goals.AddAsync(goal.Title, goal.Description, token));
        api.MapDelete("/goals/{id:guid}", async (Guid id, GoalRepository goals, CancellationToken token) =>
            await goals.DeleteAsync(id, token) == 0 ? Results.NotFound() : Results.NoContent());

        api.MapGet("/applications", (string? status, JobApplicationRepository applications, CancellationToken token) =>
            applications.ListAsync(status, token));
        api.MapPut("/applications/{id:guid}/status/{status}",
            async (Guid id, string status, JobApplicationRepository applications, CancellationToken token) =>
                await applications.SetStatusAsync(id, status, token) == 0 ? Results.NotFound() : Results.NoContent());

        api.MapGet("/courses", (LearningRepository learning, CancellationToken token) => learning.ListCoursesAsync(token));
        api.MapGet("/tasks/today", (DailyTaskRepository tasks, CancellationToken token) => tasks.ListTodayAsync(token));
        api.MapPost("/focus", (string label, int minutes, FocusSessionRepository focus, CancellationToken token) =>
            focus.AddAsync(label, minutes, token));
        api.MapGet("/dashboard", (DashboardRepository dashboard, CancellationToken token) => dashboard.GetAsync(token));
    }
}

using Brokerage.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Brokerage.Endpoints;

public sealed record NewClient(string Name, string? Email);

public sealed record NewOrder(Guid ClientId, string Number, decimal Amount);

public static class BrokerageEndpoints
{
    public static void MapBrokerage(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization();

        api.MapGet("/clients", (ClientRepository clients, CancellationToken token) => clients.ListAsync(token));
        api.MapGet("/clients/{id:guid}", async (Guid id, ClientRepository clients, CancellationToken token) =>
            await clients.FindAsync(id, token) is { } client ? Results.Ok(client) : Results.NotFound());
        api.MapPost("/clients", (NewClient client, ClientRepository clients, CancellationToken token) =>
            clients.AddAsync(client.Name, client.Email, token));
        api.MapDelete("/clients/{id:guid}", async (Guid id, ClientRepository clients, CancellationToken token) =>
            await clients.DeleteAsync(id, token) == 0 ? Results.NotFound() : Results.NoContent());

        api.MapGet("/orders", (OrderRepository orders, CancellationToken token) => orders.ListAsync(token));
        api.MapPost("/orders", (NewOrder order, OrderRepository orders, CancellationToken token) =>
            orders.AddAsync(order.ClientId, order.Number, order.Amount, token));
        api.MapPut("/orders/{id:guid}/status/{status}",
            async (Guid id, string status, OrderRepository orders, CancellationToken token) =>
                await orders.SetStatusAsync(id, status, token) == 0 ? Results.NotFound() : Results.NoContent());

        api.MapGet("/deals", (string? stage, WorkRepository work, CancellationToken token) => work.ListDealsAsync(stage, token));
        api.MapGet("/tasks", (WorkRepository work, CancellationToken token) => work.ListTasksAsync(token));
        api.MapGet("/chat", (ChatRepository chat, CancellationToken token) => chat.LatestAsync(50, token));
        api.MapGet("/dashboard", (DashboardRepository dashboard, CancellationToken token) => dashboard.GetAsync(token));
    }
}

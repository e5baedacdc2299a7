using Connect.Data;
using Connect.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Connect.Endpoints;

public sealed record NewBusiness(string Name, string? Category, bool IsPublic);

public sealed record NewMessage(string Body);

public static class ConnectEndpoints
{
    public static void MapConnect(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization();

        api.MapGet("/account", (AccountRepository accounts, CancellationToken token) => accounts.GetAsync(token));
        api.MapPut("/account/avatar", (AccountRepository accounts, CancellationToken token) => accounts.SetAvatarAsync(token));

        api.MapGet("/businesses", (string? category, BusinessAccountRepository businesses, CancellationToken token) =>
            businesses.ListAsync(category, token));
        api.MapPost("/businesses", (NewBusiness business, BusinessAccountRepository businesses, CancellationToken token) =>
            businesses.AddAsync(business.Name, business.Category, business.IsPublic, token));
        api.MapPut("/businesses/{id:guid}/public/{isPublic:bool}",
            async (Guid id, bool isPublic, BusinessAccountRepository businesses, CancellationToken token) =>
                await businesses.SetVisibilityAsync(id, isPublic, token) == 0 ? Results.NotFound() : Results.NoContent());

        api.MapGet("/chats", (ChatRepository chats, CancellationToken token) => chats.ListChatsAsync(token));
        api.MapGet("/chats/{id:guid}/messages", (Guid id, ChatRepository chats, CancellationToken token) => chats.LatestAsync(id, token));
        api.MapPost("/chats/{id:guid}/messages",
            async (Guid id, NewMessage message, ChatRepository chats, RateLimiter limiter, CancellationToken token) =>
            {
                if (!await limiter.TryAsync("message", 60, token))
                    return Results.StatusCode(StatusCodes.Status429TooManyRequests);
                return await chats.SendAsync(id, message.Body, null, token) == 0 ? Results.NotFound() : Results.NoContent();
            });
        api.MapPost("/chats/{id:guid}/media", (Guid id) => Results.Ok(StoragePaths.Media(id, "jpg")));
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Studio.Auth;

public sealed class ClaimsCurrentUser(IHttpContextAccessor accessor) : ICurrentUser
{
    public Guid Id => Guid.Parse(
        accessor.HttpContext?.User.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("No one is signed in."));
}

using System.Security.Claims;

namespace TaskPlatform.Auth;

public static class ClaimsPrincipalExtensions
{
    /// <summary>The subject of the validated token; null when there is none.</summary>
    public static Guid? UserId(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue("sub") ?? principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
}

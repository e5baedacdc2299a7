using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Brokerage.Auth;

public sealed class ClaimsTenantContext(IHttpContextAccessor accessor) : ITenantContext
{
    public Guid UserId => Claim(ClaimTypes.NameIdentifier);

    public Guid TenantId => Claim("tenant_id");

    private Guid Claim(string type) => Guid.Parse(
        accessor.HttpContext?.User.FindFirstValue(type)
        ?? throw new InvalidOperationException($"The token has no claim {type}."));
}

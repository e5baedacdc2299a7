namespace Brokerage.Auth;

/// <summary>Who is asking, and for which tenant.</summary>
public interface ITenantContext
{
    Guid UserId { get; }

    Guid TenantId { get; }
}

namespace Studio.Auth;

/// <summary>The user whose session token was validated.</summary>
public interface ICurrentUser
{
    Guid Id { get; }
}

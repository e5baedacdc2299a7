namespace Connect.Auth;

/// <summary>The signed-in person, as Supabase knows them (<c>auth.users.id</c>).</summary>
public interface ICurrentUser
{
    Guid Id { get; }
}

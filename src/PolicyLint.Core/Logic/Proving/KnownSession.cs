using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>What is known of the session that asks, before any row is looked at. A proof that leans on it says so.</summary>
internal sealed class KnownSession
{
    private readonly Func<string, string?> _valueOf;

    private KnownSession(string text, string assumption, Func<string, string?> valueOf)
    {
        Text = text;
        Assumption = assumption;
        _valueOf = valueOf;
    }

    /// <summary>What is not known, or has a value that is not known.</summary>
    public const string Open = "?";

    /// <summary>Sessions with one text are known alike.</summary>
    public string Text { get; }

    /// <summary>In words, for the answer.</summary>
    public string Assumption { get; }

    /// <summary>Nothing has said who the user is: but for those of the settings, values of the session that say so are NULL (<see cref="SessionKeys.IsUnset"/>).</summary>
    public static KnownSession WithoutUser(IReadOnlyCollection<string> settings) =>
        new("without user\n" + string.Join("\n", settings), "nothing has said who the user is", key => SessionKeys.IsUnset(key, settings) ? null : Open);

    /// <summary>
    /// Supabase's API becomes the role that the token's claim `role` names, and the token of anon names no user; null where that says nothing.
    /// </summary>
    public static KnownSession? Of(ICatalog catalog, string? role)
    {
        if (catalog.Platform != "supabase" || role is not ("anon" or "authenticated"))
            return null;
        var isAnonymous = role == "anon";
        return new("role " + role, isAnonymous ? "a session of anon has the claim role = 'anon' and no user" : "a session of authenticated has the claim role = 'authenticated'", key => key switch
        {
            "jwt:role" => role,
            SessionKeys.UserId or "jwt:sub" or "jwt:email" when isAnonymous => null,
            _ when isAnonymous && (key.StartsWith("jwt:app_metadata", StringComparison.Ordinal) || key.StartsWith("jwt:user_metadata", StringComparison.Ordinal)) => null,
            _ => Open,
        });
    }

    /// <summary>The value of a key of <see cref="SessionKeys"/>; null: NULL; <see cref="Open"/>.</summary>
    public string? ValueOf(string key) => _valueOf(key);
}

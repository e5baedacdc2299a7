using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Who a session is: the values that policies ask it for, under the names that witnesses use (`auth.uid()`, `auth.jwt() ->> 'email'`,
/// `current_setting('app.user_id')`), as SQL literals.
/// </summary>
public sealed class SessionIdentity
{
    private const string UserId = "auth.uid()";

    // Functions that read claims may refuse those that have run out, or say nothing of it.
    private const long EndOfTheCentury = 4_102_444_800;

    private const string MadeUpText = "value";

    private readonly SortedDictionary<string, string> values;

    /// <summary>A session with these values; NULL where a value is the word NULL.</summary>
    public SessionIdentity(IReadOnlyDictionary<string, string> session)
    {
        values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, literal) in session)
            values[key] = literal;
    }

    /// <summary>A session that has said nothing about itself.</summary>
    public static SessionIdentity Nobody { get; } = new(new Dictionary<string, string>());

    /// <summary>Nothing is said of who it is.</summary>
    public bool IsNobody => values.Count == 0;

    /// <summary>
    /// Someone else: every value that tells one user from another is another one. Roles and other words that many users share stay.
    /// </summary>
    public SessionIdentity Another()
    {
        var other = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, literal) in values)
            other[key] = Other(key, literal);
        if (other.Count == 0)
            other[UserId] = $"'{Uuid(1)}'";
        return new(other);
    }

    /// <summary>The value of a key without its quotes; null where the session has none.</summary>
    public string? this[string key] => values.TryGetValue(key, out var literal) ? Unquoted(literal) : null;

    /// <summary>The settings that make a session this one: PostgREST's claims, and the project's own settings.</summary>
    /// <param name="role">The role that is taken on, which the claims name too.</param>
    /// <param name="obstacle">A value that no setting gives, such as the time; null where there is none.</param>
    public IReadOnlyList<KeyValuePair<string, string>> Settings(string role, out string? obstacle)
    {
        obstacle = null;
        var settings = new List<KeyValuePair<string, string>>();
        var claims = new JsonObject();
        foreach (var (key, literal) in values)
        {
            if (Unquoted(literal) is not { } value)
                continue;
            if (key == UserId)
                claims["sub"] = value;
            else if (Between(key, "current_setting('", "')") is { } setting)
                settings.Add(new(setting, value));
            else if (Between(key, "auth.jwt() ->> '", "'") is { } claim)
                claims[claim] = Json(value);
            else if (Between(key, "auth.jwt() #>> '{", "}'") is { } path)
                SetAt(claims, path.Split(','), value);
            else if (!(key is "current_user" && value == role))
                obstacle ??= key;
        }
        if (claims.Count > 0)
        {
            claims["role"] ??= role;
            claims["exp"] ??= EndOfTheCentury;
            settings.Add(new("request.jwt.claims", claims.ToJsonString()));
            if (claims["sub"] is { } subject)
                settings.Add(new("request.jwt.claim.sub", subject.GetValue<string>()));
        }
        return settings;
    }

    /// <summary>`auth.uid() = '…'`, or `nobody`.</summary>
    public override string ToString()
    {
        if (values.Count == 0)
            return "nobody";
        var text = new StringBuilder();
        foreach (var (key, literal) in values)
            text.Append(text.Length > 0 ? ", " : "").Append(key).Append(" = ").Append(literal);
        return text.ToString();
    }

    private static string Other(string key, string literal)
    {
        if (Unquoted(literal) is not { } value || key.EndsWith("'role'", StringComparison.Ordinal))
            return literal;
        if (Guid.TryParse(value, out var id))
            return $"'{Uuid(id.GetHashCode())}'";
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Identifier.Literal((number + 1_000_003).ToString(CultureInfo.InvariantCulture));
        return key.Contains("email", StringComparison.Ordinal) || IsMadeUp(value) ? Identifier.Literal("other." + value) : literal;
    }

    // The prover's own word for a text that no policy names: what stands there tells users apart.
    private static bool IsMadeUp(string value) =>
        value.StartsWith(MadeUpText, StringComparison.Ordinal) && value.Length > MadeUpText.Length && value.AsSpan(MadeUpText.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string Uuid(int seed) => "bbbbbbbb-0000-4000-8000-" + (seed & 0x7fffffff).ToString("x12", CultureInfo.InvariantCulture);

    private static JsonNode? Json(string value)
    {
        if (value is not ['{' or '[', ..])
            return JsonValue.Create(value);
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }

    private static void SetAt(JsonObject claims, string[] path, string value)
    {
        var at = claims;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (at[path[i]] is not JsonObject inner)
                at[path[i]] = inner = [];
            at = inner;
        }
        at[path[^1]] = Json(value);
    }

    private static string? Unquoted(string literal) =>
        literal == "NULL" ? null
        : literal is ['\'', .., '\''] ? literal[1..^1].Replace("''", "'", StringComparison.Ordinal)
        : literal;

    private static string? Between(string text, string before, string after) =>
        text.Length >= before.Length + after.Length && text.StartsWith(before, StringComparison.Ordinal) && text.EndsWith(after, StringComparison.Ordinal)
            ? text[before.Length..^after.Length]
            : null;
}

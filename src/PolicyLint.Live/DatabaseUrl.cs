using System.Globalization;

namespace PolicyLint.Live;

/// <summary>Connection URLs as libpq reads them (manual 34.1.1.2), in Npgsql's keywords. No message quotes what may be a password.</summary>
internal static class DatabaseUrl
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    public static bool IsUrl(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The URL's parameters, or null with an error.</summary>
    public static ConnectionParameters? Parse(string url, out string error)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var end = rest.IndexOfAny(['/', '?', '#']);
        var authority = end < 0 ? rest : rest[..end];
        rest = end < 0 ? "" : rest[end..];

        // "@" is legal in a query, but there it is far more often the end of a password that has one of "/?#" in it.
        if (rest.Contains('@', StringComparison.Ordinal))
            return Fail("There is an '@' after the first '/', '?' or '#'. In a password these are written %2F, %3F and %23, and '@' is %40.", out error);

        if (rest.Contains('#', StringComparison.Ordinal))
            return Fail("A database URL has no '#'. In a name or password it is written %23.", out error);

        var at = authority.LastIndexOf('@');
        var hosts = authority[(at + 1)..];
        var connection = new ConnectionParameters();
        if (at >= 0 && !SetUser(connection, authority[..at], out error))
            return null;

        if (hosts.Length > 0 && !SetHosts(connection, hosts, out error))
            return null;

        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? rest : rest[..question];
        if (path.Length > 1)
        {
            if (Decode(path[1..]) is not { } database)
                return Fail("The database's name has a '%' that is not followed by two hexadecimal digits.", out error);

            connection.Set("dbname", database);
        }

        error = "";
        return question < 0 || SetQuery(connection, rest[(question + 1)..], out error) ? connection : null;
    }

    private static bool SetUser(ConnectionParameters connection, string userInfo, out string error)
    {
        error = "";
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var user = Decode(colon < 0 ? userInfo : userInfo[..colon]);
        var password = colon < 0 ? "" : Decode(userInfo[(colon + 1)..]);
        if (user is null || password is null)
        {
            error = "The user or the password has a '%' that is not followed by two hexadecimal digits. '%' itself is written %25.";
            return false;
        }

        if (user.Length > 0)
            connection.Set("user", user);

        if (password.Length > 0)
            connection.Set("password", password);

        return true;
    }

    private static bool SetHosts(ConnectionParameters connection, string hosts, out string error)
    {
        error = "";
        if (Decode(hosts) is not { } decoded)
        {
            error = "The host has a '%' that is not followed by two hexadecimal digits.";
            return false;
        }

        // Npgsql reads several hosts, each with its port, as libpq does; one host's port is a keyword of its own.
        if (decoded.Contains(',', StringComparison.Ordinal))
        {
            connection.Set("host", decoded);
            return true;
        }

        var colon = decoded.LastIndexOf(':');
        if (decoded.StartsWith('['))
        {
            var bracket = decoded.IndexOf(']', StringComparison.Ordinal);
            if (bracket < 0)
            {
                error = "The host starts with '[' and has no ']'.";
                return false;
            }

            connection.Set("host", decoded[1..bracket]);
            colon = bracket + 1 < decoded.Length && decoded[bracket + 1] == ':' ? bracket + 1 : -1;
        }
        else
        {
            connection.Set("host", colon < 0 ? decoded : decoded[..colon]);
        }

        if (colon < 0 || colon == decoded.Length - 1)
            return true;

        if (!int.TryParse(decoded[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65535)
        {
            // The user may have left out the '@', and then this is the password.
            error = "The port after the host is not a number from 1 to 65535. A user and password end with '@'.";
            return false;
        }

        connection.Set("port", port.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private static bool SetQuery(ConnectionParameters connection, string query, out string error)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                error = "After '?' stand parameters as name=value, with '&' between them.";
                return false;
            }

            if (Decode(pair[..equals]) is not { } key || Decode(pair[(equals + 1)..]) is not { } value)
            {
                error = "A parameter after '?' has a '%' that is not followed by two hexadecimal digits.";
                return false;
            }

            if (!connection.TrySet(key, value, out error))
                return false;
        }

        error = "";
        return true;
    }

    /// <summary>The text with its %XX decoded, or null when one is malformed.</summary>
    private static string? Decode(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return null;
        }

        return Uri.UnescapeDataString(text);
    }

    private static ConnectionParameters? Fail(string message, out string error)
    {
        error = message;
        return null;
    }
}

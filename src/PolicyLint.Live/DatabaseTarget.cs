using System.Globalization;
using Npgsql;

namespace PolicyLint.Live;

/// <summary>Which database to connect to, and as whom. Shows everything but the password.</summary>
public sealed class DatabaseTarget
{
    internal DatabaseTarget(NpgsqlConnectionStringBuilder connection) => Connection = connection;

    /// <summary>What Npgsql is told, the password included: it stays inside this assembly.</summary>
    internal NpgsqlConnectionStringBuilder Connection { get; }

    /// <summary>
    /// Reads a URL (<c>postgres://user@host:5432/database?sslmode=require</c>), psql's parameters (<c>host=… dbname=…</c>, <c>service=…</c>) or
    /// Npgsql's keywords (<c>Host=…;Database=…</c>). What the first two leave out comes from the service and the environment, as for libpq.
    /// </summary>
    /// <param name="text">What the user gave.</param>
    /// <param name="error">Why it can't be read, without a word of what might be a password; empty on success.</param>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    /// <returns>The target, or null with an error.</returns>
    public static DatabaseTarget? Parse(string text, out string error, Func<string, string?>? variable = null)
    {
        text = text.Trim();
        if (DatabaseUrl.IsUrl(text))
            return DatabaseUrl.Parse(text, out error) is { } fromUrl ? Completed(fromUrl, variable, out error) : null;
        if (KeywordString.IsOne(text))
            return KeywordString.Parse(text, out error) is { } fromText ? Completed(fromText, variable, out error) : null;
        return ParseKeywords(text, out error);
    }

    /// <summary>
    /// Reads <c>DATABASE_URL</c>, or else <c>PGSERVICE</c>, <c>PGHOST</c>, <c>PGDATABASE</c> and the other variables that libpq reads.
    /// </summary>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    /// <param name="error">Why there is no target; empty on success.</param>
    public static DatabaseTarget? FromEnvironment(Func<string, string?> variable, out string error)
    {
        if (variable("DATABASE_URL") is { Length: > 0 } url)
        {
            var target = Parse(url, out error, variable);
            if (error.Length > 0)
                error = "DATABASE_URL: " + error;

            return target;
        }

        if (Array.TrueForAll(["PGSERVICE", "PGHOST", "PGDATABASE"], name => variable(name) is not { Length: > 0 }))
        {
            error = "No database is given: name one with --database, or set DATABASE_URL, PGSERVICE, or PGHOST and PGDATABASE.";
            return null;
        }

        return Completed(new ConnectionParameters(), variable, out error);
    }

    private static DatabaseTarget? Completed(ConnectionParameters parameters, Func<string, string?>? variable, out string error)
    {
        if (!parameters.TryComplete(variable ?? (static _ => null), out error))
            return null;
        if (string.IsNullOrEmpty(parameters.Connection.Host))
            parameters.Set("host", "localhost");
        return new(parameters.Connection);
    }

    /// <summary>The host that is connected to; a path where it is a socket.</summary>
    public string Host => Connection.Host is { Length: > 0 } given ? given : "localhost";

    /// <summary>The database's name: the user's where none is given, as libpq has it.</summary>
    public string Database => Connection.Database ?? Connection.Username ?? "";

    /// <summary>User, host, port and database, for messages and reports.</summary>
    public override string ToString()
    {
        var port = Connection.Port == NpgsqlConnection.DefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{Connection.Port}");
        var user = Connection.Username is { Length: > 0 } name ? name + "@" : "";
        return $"{user}{Host}{port}/{Database}";
    }

    /// <summary>The text with the password blotted out, wherever it may come from.</summary>
    internal string WithoutPassword(string text)
    {
        foreach (var secret in new[] { Connection.Password, Connection.SslPassword })
        {
            if (!string.IsNullOrEmpty(secret))
                text = text.Replace(secret, "***", StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), "***", StringComparison.Ordinal);
        }

        return text;
    }

    private static DatabaseTarget? ParseKeywords(string text, out string error)
    {
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            error = "It is neither a URL (postgres://user@host/database) nor keywords (Host=…;Database=…).";
            return null;
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (connection.Host is { } host && host.Contains('=', StringComparison.Ordinal))
            {
                error = "These keywords stand between semicolons (Host=…;Database=…); or give a URL (postgres://user@host/database), or host=… dbname=…";
                return null;
            }

            if (string.IsNullOrEmpty(connection.Host))
            {
                error = "There is no Host among the keywords.";
                return null;
            }

            error = "";
            return new DatabaseTarget(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            // Npgsql's message quotes what it could not read, and that may be the rest of a password with a semicolon in it.
            error = "The keywords can't be read. A value that holds a semicolon or a quotation mark stands between quotation marks (Password=\"a;b\").";
            return null;
        }
    }
}

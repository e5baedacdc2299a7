using System.Text;

namespace PolicyLint.Live;

/// <summary>Connection strings as psql takes them (manual 34.1.1.1): <c>host=h dbname=d password='a b'</c>.</summary>
internal static class KeywordString
{
    /// <summary>Begins with a parameter of libpq, and has not the semicolons that Npgsql's keywords stand between.</summary>
    public static bool IsOne(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !text.Contains(';', StringComparison.Ordinal) && ConnectionParameters.IsKnown(text[..equals].Trim());
    }

    /// <summary>Its parameters; null with an error that shows none of its values.</summary>
    public static ConnectionParameters? Parse(string text, out string error)
    {
        var parameters = new ConnectionParameters();
        var at = 0;
        while (true)
        {
            SkipBlanks();
            if (at == text.Length)
                break;
            var equals = text.IndexOf('=', at);
            var key = equals < 0 ? "" : text[at..equals].Trim();
            if (key.Length == 0 || !key.All(static c => char.IsAsciiLetterLower(c) || c == '_'))
            {
                error = "Parameters are written name=value, with blanks between them; a value with a blank stands between single quotes.";
                return null;
            }
            if (!ConnectionParameters.IsKnown(key))
            {
                // It may be a part of a password.
                error = "There is a parameter that is not one of libpq's. A value with a blank stands between single quotes.";
                return null;
            }
            at = equals + 1;
            SkipBlanks();
            if (Value() is not { } value)
            {
                error = $"The value of '{key}' has no closing quote.";
                return null;
            }
            if (!parameters.TrySet(key, value, out error))
                return null;
        }
        error = "";
        return parameters;

        void SkipBlanks()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
        }

        string? Value()
        {
            var value = new StringBuilder();
            var isQuoted = at < text.Length && text[at] == '\'';
            if (isQuoted)
                at++;
            while (at < text.Length && (isQuoted ? text[at] != '\'' : !char.IsWhiteSpace(text[at])))
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                    at++;
                value.Append(text[at++]);
            }
            if (!isQuoted)
                return value.ToString();
            return at++ < text.Length ? value.ToString() : null;
        }
    }
}

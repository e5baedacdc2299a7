using Microsoft.CodeAnalysis;
using PolicyLint.Sql.Text;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>A key of a connection string.</summary>
/// <param name="Name">As written.</param>
/// <param name="Value">As written.</param>
/// <param name="Span">Both, in the file.</param>
internal sealed record ConnectionKey(string Name, string Value, TextSpan Span);

/// <summary>A connection string in a settings file.</summary>
internal sealed class ConnectionString
{
    private readonly SourceText _source;
    private readonly List<ConnectionKey> _keys;

    private ConnectionString(SourceText source, List<ConnectionKey> keys)
    {
        _source = source;
        _keys = keys;
    }

    /// <summary>The file is for a developer's machine or a test.</summary>
    public bool IsForDevelopment
    {
        get
        {
            var name = _source.Path.Substring(_source.Path.LastIndexOfAny(['/', '\\']) + 1);
            return name.Split('.').Any(part => part is "Development" or "Local" or "Test" or "Testing" or "Tests" or "E2E");
        }
    }

    /// <summary>The connection strings of JSON files: string values that name a host.</summary>
    public static IEnumerable<ConnectionString> In(IReadOnlyList<SourceText> files)
    {
        foreach (var file in files)
        {
            foreach (var (start, end) in Strings(file.Text))
            {
                if (Of(file, start, end) is { } connection)
                    yield return connection;
            }
        }
    }

    /// <summary>A text that is a connection string; null where it is something else.</summary>
    public static ConnectionString? Of(SourceText text) => Of(text, 0, text.Text.Length);

    private static ConnectionString? Of(SourceText source, int start, int end)
    {
        var connection = new ConnectionString(source, Read(source.Text, start, end));
        return connection.Find("host", "server") is not null && connection._keys.Count > 1 ? connection : null;
    }

    /// <summary>The key of one of these names, in lower case.</summary>
    public ConnectionKey? Find(params string[] names)
    {
        foreach (var key in _keys)
        {
            if (Array.IndexOf(names, key.Name.ToLowerInvariant()) >= 0)
                return key;
        }
        return null;
    }

    public Location Locate(ConnectionKey key)
    {
        var (start, end) = (_source.GetPosition(key.Span.Start), _source.GetPosition(key.Span.End));
        return Location.Create(_source.Path, key.Span, new(new(start.Line, start.Column), new(end.Line, end.Column)));
    }

    private static List<ConnectionKey> Read(string text, int start, int end)
    {
        var keys = new List<ConnectionKey>();
        while (start < end)
        {
            var next = text.IndexOf(';', start, end - start);
            if (next < 0)
                next = end;
            var equals = text.IndexOf('=', start, next - start);
            if (equals > start)
                keys.Add(new(text.Substring(start, equals - start).Trim(), text.Substring(equals + 1, next - equals - 1).Trim(), TextSpan.FromBounds(start, next)));
            start = next + 1;
        }
        return keys;
    }

    // The strings of a JSON text without their quotes; its comments may hold quotes of their own.
    private static IEnumerable<(int Start, int End)> Strings(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '/')
            {
                i = text.IndexOf('\n', i);
                if (i < 0)
                    yield break;
            }
            else if (text[i] == '"')
            {
                var start = i + 1;
                for (i = start; i < text.Length && text[i] is not ('"' or '\n'); i++)
                {
                    if (text[i] == '\\')
                        i++;
                }
                yield return (start, Math.Min(i, text.Length));
            }
        }
    }
}

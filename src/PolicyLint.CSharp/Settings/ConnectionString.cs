using Microsoft.CodeAnalysis;
using PolicyLint.Sql.Text;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>A key of a connection string.</summary>
/// <param name="Name">As written.</param>
/// <param name="Value">As written.</param>
/// <param name="Span">Both, in the text that was read.</param>
internal sealed record ConnectionKey(string Name, string Value, TextSpan Span);

/// <summary>A connection string in a settings file, or in a literal.</summary>
internal sealed class ConnectionString
{
    private readonly SourceText _source;
    private readonly TextSpan _whole;
    private readonly int? _shift;
    private readonly List<ConnectionKey> _keys;

    private ConnectionString(SourceText source, TextSpan whole, int? shift)
    {
        _source = source;
        _whole = whole;
        _shift = shift;
        _keys = Read(source.Text, whole.Start, whole.End);
    }

    /// <summary>The file that it stands in.</summary>
    public string Path => _source.Path;

    /// <summary>The file is for a developer's machine or a test.</summary>
    public bool IsForDevelopment
    {
        get
        {
            var name = _source.Path.Substring(_source.Path.LastIndexOfAny(['/', '\\']) + 1);
            return name.Split('.').Any(part => part is "Development" or "Local" or "Test" or "Testing" or "Tests" or "E2E");
        }
    }

    /// <summary>It is for the machine that the code runs on.</summary>
    public bool IsToThisMachine => Find("host", "server")!.Value is var host && (host.Length == 0 || host[0] is '/' or '.' || host is "localhost" or "127.0.0.1" or "::1");

    /// <summary>The connection strings of JSON files: string values that name a host.</summary>
    public static IEnumerable<ConnectionString> In(IReadOnlyList<SourceText> files)
    {
        foreach (var file in files)
        {
            foreach (var (start, end) in Strings(file.Text))
            {
                if (Of(file, TextSpan.FromBounds(start, end), 0) is { } connection)
                    yield return connection;
            }
        }
    }

    /// <summary>A literal that is a connection string; null where it is something else.</summary>
    public static ConnectionString? Of(SyntaxToken literal)
    {
        if (literal.ValueText.IndexOf('=') <= 0)
            return null;
        // Escapes make the text another than what is written.
        var offset = literal.Text.IndexOf(literal.ValueText, StringComparison.Ordinal);
        return Of(new(literal.ValueText, literal.SyntaxTree!.FilePath), new(0, literal.ValueText.Length), offset < 0 ? null : literal.SpanStart + offset);
    }

    private static ConnectionString? Of(SourceText source, TextSpan whole, int? shift)
    {
        var connection = new ConnectionString(source, whole, shift);
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

    /// <summary>Where a key stands in the file; null where that is not plain.</summary>
    public TextSpan? PlaceOf(ConnectionKey key) => _shift is { } shift ? new(shift + key.Span.Start, key.Span.Length) : null;

    /// <summary>The same with one of the semicolons around it.</summary>
    public TextSpan? PlaceWithSeparator(ConnectionKey key)
    {
        if (PlaceOf(key) is not { } place)
            return null;
        if (key.Span.Start > _whole.Start)
            return TextSpan.FromBounds(place.Start - 1, place.End);
        return TextSpan.FromBounds(place.Start, place.End + (key.Span.End < _whole.End ? 1 : 0));
    }

    /// <summary>Where a key stands in a settings file.</summary>
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

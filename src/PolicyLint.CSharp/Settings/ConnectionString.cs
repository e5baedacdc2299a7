using Microsoft.CodeAnalysis;
using PolicyLint.Sql.Text;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>A key of a connection string.</summary>
/// <param name="Name">As written; empty where the code may put any keys when it runs.</param>
/// <param name="Value">As written, with <see cref="CodeText.Hole"/> for what is known when the code runs alone.</param>
/// <param name="Span">Both, in the text that was read.</param>
internal sealed record ConnectionKey(string Name, string Value, TextSpan Span)
{
    /// <summary>Where code assigns it to a builder; null where it stands in a text.</summary>
    public TextSpan? Assignment { get; init; }

    /// <summary>The value that it assigns.</summary>
    public TextSpan? AssignedValue { get; init; }

    /// <summary>What was said of the key before may hold as well.</summary>
    public bool IsPossible { get; init; }

    /// <summary>The value, or a part of it, is filled in later: by the code, by a format, or when the file is deployed.</summary>
    public bool IsFilledIn => Value.IndexOf(CodeText.Hole) >= 0 || Value.IndexOf('{') >= 0;
}

/// <summary>A connection string in a settings file, or in code: a literal, a text that is put together, or a builder.</summary>
internal sealed class ConnectionString
{
    private const string TwoHoles = CodeText.HoleText + CodeText.HoleText;

    private readonly SourceText _source;
    private readonly TextSpan _whole;
    private readonly CodeText? _code;
    private readonly List<ConnectionKey> _keys;

    private ConnectionString(SourceText source, TextSpan whole, CodeText? code)
    {
        _source = source;
        _whole = whole;
        _code = code;
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
    public bool IsToThisMachine => Find("host", "server")?.Value is not { } host || host.Length == 0 || host[0] is '/' or '.' || host is "localhost" or "127.0.0.1" or "::1";

    /// <summary>The connection strings of JSON files: string values that name a host.</summary>
    public static IEnumerable<ConnectionString> In(IReadOnlyList<SourceText> files)
    {
        foreach (var file in files)
        {
            foreach (var (start, end) in Strings(file.Text))
            {
                if (Of(file, TextSpan.FromBounds(start, end), null) is { } connection)
                    yield return connection;
            }
        }
    }

    /// <summary>A literal that is a connection string; null where it is something else.</summary>
    public static ConnectionString? Of(SyntaxToken literal) => literal.ValueText.IndexOf('=') > 0 ? Of(CodeText.Of(literal), literal.SyntaxTree!.FilePath) : null;

    /// <summary>A text of code that is a connection string; null where it is something else.</summary>
    public static ConnectionString? Of(CodeText text, string path) => Of(new(text.Text, path), new(0, text.Text.Length), text);

    /// <summary>What is done to a builder: the text that it begins with, and the keys that are assigned.</summary>
    public static ConnectionString OfBuilder(CodeText text, string path, IEnumerable<ConnectionKey> assigned)
    {
        var connection = new ConnectionString(new(text.Text, path), new(0, text.Text.Length), text);
        connection._keys.AddRange(assigned);
        return connection;
    }

    private static ConnectionString? Of(SourceText source, TextSpan whole, CodeText? code)
    {
        var connection = new ConnectionString(source, whole, code);
        return connection._keys.Count > 1 && (connection.Find("host", "server") is not null || code is not null && connection.AddsToAnother) ? connection : null;
    }

    // Keys of Npgsql alone, after a text that is not known.
    private bool AddsToAnother => _keys.Exists(key => key.Name.Length == 0) && Find("no reset on close", "noresetonclose", "multiplexing") is not null;

    /// <summary>The key of one of these names, in lower case; the last one counts.</summary>
    public ConnectionKey? Find(params string[] names) => _keys.FindLast(key => Array.IndexOf(names, key.Name.ToLowerInvariant()) >= 0);

    /// <summary>All that a key of these names, in lower case, may be when the code runs; a key without a name where it may be anything.</summary>
    public IReadOnlyList<ConnectionKey> ValuesOf(params string[] names)
    {
        var values = new List<ConnectionKey>();
        foreach (var key in _keys)
        {
            if (key.Name.Length > 0 && Array.IndexOf(names, key.Name.ToLowerInvariant()) < 0)
                continue;
            if (key is { Name.Length: > 0, IsPossible: false })
                values.Clear();
            values.Add(key);
        }
        return values;
    }

    /// <summary>Where a key stands in the file; null where that is not plain.</summary>
    public TextSpan? PlaceOf(ConnectionKey key) => key.Assignment ?? PlaceOf(key.Span);

    /// <summary>The same with one of the semicolons around it; null for what is assigned, too.</summary>
    public TextSpan? PlaceWithSeparator(ConnectionKey key)
    {
        if (key.Assignment is not null)
            return null;
        if (key.Span.Start > _whole.Start)
            return PlaceOf(TextSpan.FromBounds(key.Span.Start - 1, key.Span.End));
        return PlaceOf(TextSpan.FromBounds(key.Span.Start, key.Span.End + (key.Span.End < _whole.End ? 1 : 0)));
    }

    /// <summary>Where a key stands in a settings file.</summary>
    public Location Locate(ConnectionKey key)
    {
        var (start, end) = (_source.GetPosition(key.Span.Start), _source.GetPosition(key.Span.End));
        return Location.Create(_source.Path, key.Span, new(new(start.Line, start.Column), new(end.Line, end.Column)));
    }

    private TextSpan? PlaceOf(TextSpan span) => _code is null ? span : _code.PlaceOf(span);

    private static List<ConnectionKey> Read(string text, int start, int end)
    {
        var keys = new List<ConnectionKey>();
        while (start < end)
        {
            var next = text.IndexOf(';', start, end - start);
            if (next < 0)
                next = end;
            var equals = text.IndexOf('=', start, next - start);
            var name = text.Substring(start, (equals < 0 ? next : equals) - start);
            // What stands before the sign may be keys and values of its own; so may what comes after a value.
            var isOpen = name.IndexOf(CodeText.Hole) >= 0;
            var hasMore = text.IndexOf(TwoHoles, start, next - start, StringComparison.Ordinal) >= 0 || next == end && next > equals + 2 && text[next - 1] == CodeText.Hole;
            if (isOpen)
                keys.Add(new("", name, TextSpan.FromBounds(start, next)));
            if (equals > start)
                keys.Add(new((isOpen ? name.Replace(CodeText.HoleText, "") : name).Trim(), text.Substring(equals + 1, next - equals - 1).Trim(), TextSpan.FromBounds(start, next)) { IsPossible = isOpen });
            if (hasMore)
                keys.Add(new("", TwoHoles, TextSpan.FromBounds(start, next)));
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

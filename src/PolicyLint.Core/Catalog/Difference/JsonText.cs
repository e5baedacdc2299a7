using System.Text;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>JSON in the order and spacing that jsonb prints: keys by length, then bytes (jsonb_util.c, lengthCompareJsonbStringValue).</summary>
internal sealed class JsonText
{
    private const int DepthLimit = 100;

    private readonly string _text;
    private int _at;
    private int _depth;

    private JsonText(string text) => _text = text;

    /// <summary>The text as jsonb prints it; the text itself where it is not a JSON object or array.</summary>
    public static string Normalize(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length < 2 || trimmed[0] is not ('{' or '['))
            return text;
        var json = new JsonText(trimmed);
        return json.Value() is { } value && json.AtEnd() ? value : text;
    }

    private bool AtEnd()
    {
        SkipBlanks();
        return _at == _text.Length;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private string? Value()
    {
        SkipBlanks();
        if (_at >= _text.Length || _depth >= DepthLimit)
            return null;
        _depth++;
        var value = _text[_at] switch
        {
            '{' => Object(),
            '[' => Array(),
            '"' => String(),
            _ => Word(),
        };
        _depth--;
        return value;
    }

    private string? Object()
    {
        var members = new List<(string Key, string Value)>();
        _at++;
        SkipBlanks();
        if (Accept('}'))
            return "{}";
        do
        {
            SkipBlanks();
            if (_at >= _text.Length || _text[_at] != '"' || String() is not { } key || !Accept(':') || Value() is not { } value)
                return null;
            members.RemoveAll(m => m.Key == key);
            members.Add((key, value));
        }
        while (Accept(','));
        if (!Accept('}'))
            return null;
        members.Sort(static (a, b) => a.Key.Length != b.Key.Length ? a.Key.Length.CompareTo(b.Key.Length) : string.CompareOrdinal(a.Key, b.Key));
        var text = new StringBuilder("{");
        foreach (var (key, value) in members)
            text.Append(text.Length > 1 ? ", " : "").Append(key).Append(": ").Append(value);
        return text.Append('}').ToString();
    }

    private string? Array()
    {
        var text = new StringBuilder("[");
        _at++;
        SkipBlanks();
        if (Accept(']'))
            return "[]";
        do
        {
            if (Value() is not { } value)
                return null;
            text.Append(text.Length > 1 ? ", " : "").Append(value);
        }
        while (Accept(','));
        return Accept(']') ? text.Append(']').ToString() : null;
    }

    private string? String()
    {
        var start = _at++;
        while (_at < _text.Length && _text[_at] != '"')
            _at += _text[_at] == '\\' ? 2 : 1;
        if (_at >= _text.Length)
            return null;
        _at++;
        return _text.Substring(start, _at - start);
    }

    private string? Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '-' or '+' or '.'))
            _at++;
        return _at > start ? _text.Substring(start, _at - start) : null;
    }

    private bool Accept(char c)
    {
        SkipBlanks();
        if (_at >= _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }
}

using PolicyLint.Core.Findings;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration.Yaml;

/// <summary>Takes values out of YAML nodes and keeps what is wrong with them, so that one reading tells all errors.</summary>
internal sealed class YamlValues
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly HashSet<ConfigurationError> _said = [];

    /// <summary>In the order in which they were met.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    // A plain scalar on one line stands in the file as it is, so an error inside it has an exact place.
    public bool CheckSql(YamlScalar scalar, bool isQuery = false)
    {
        var text = new SourceText(isQuery ? "(" + scalar.Value + ")" : scalar.Value);
        if (SqlParser.ParseExpression(text, out var error) is not null && error is null)
            return true;
        var start = scalar.Span.Start + Math.Max(0, (error?.Span.Start ?? 0) - (isQuery ? 1 : 0));
        Error(new(Math.Min(start, scalar.Span.End), 0), $"`{scalar.Value}` is not {(isQuery ? "a query" : "an expression")}: {error?.Message ?? "syntax error"}");
        return false;
    }

    public IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string[] known, string where)
    {
        foreach (var (key, value, span) in FreeEntries(node, where))
        {
            if (Array.IndexOf(known, key) >= 0)
                yield return (key, value);
            else
                Error(span, $"unknown key `{key}` in {where}{Suggestion(key, known)}");
        }
    }

    public IEnumerable<(string Key, YamlNode Value, TextSpan Span)> FreeEntries(YamlNode node, string where)
    {
        if (node is not YamlMap map)
        {
            if (node is not YamlScalar { Value: "" })
                Error(node.Span, $"{where} is a mapping of keys to values");
            yield break;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (seen.Add(entry.Key.Value))
                yield return (entry.Key.Value, entry.Value, entry.Key.Span);
            else
                Error(entry.Key.Span, $"`{entry.Key.Value}` is given twice in {where}");
        }
    }

    public IReadOnlyList<YamlNode> List(YamlNode node, string where)
    {
        if (node is YamlList list)
            return list.Items;
        if (node is not YamlScalar { Value: "" })
            Error(node.Span, $"{where} is a list");
        return [];
    }

    public IEnumerable<YamlScalar> Scalars(YamlNode node)
    {
        var items = node is YamlList list ? list.Items : [node];
        foreach (var item in items)
        {
            if (item is not YamlScalar scalar)
                Error(item.Span, "expected a text");
            else if (scalar.Value.Length > 0)
                yield return scalar;
        }
    }

    public List<string> Strings(YamlNode node)
    {
        var result = new List<string>();
        foreach (var scalar in Scalars(node))
            result.Add(scalar.Value);
        return result;
    }

    public string String(YamlNode node)
    {
        if (node is YamlScalar scalar)
            return scalar.Value;
        Error(node.Span, "expected a text");
        return "";
    }

    public bool Boolean(YamlNode node)
    {
        var value = String(node);
        if (node is YamlScalar && value is not ("true" or "false"))
            Error(node.Span, "expected true or false");
        return value == "true";
    }

    public string? OneOf(YamlNode node, string[] values)
    {
        var value = String(node);
        if (node is not YamlScalar)
            return null;
        if (Array.IndexOf(values, value) >= 0)
            return value;
        Error(node.Span, $"`{value}` is none of {string.Join(", ", values)}{Suggestion(value, values)}");
        return null;
    }

    /// <summary>Keeps an error; the same one of the same place once.</summary>
    public void Error(TextSpan span, string message)
    {
        var error = new ConfigurationError(span, message);
        if (_said.Add(error))
            _errors.Add(error);
    }

    public static string Suggestion(string word, IEnumerable<string> known) =>
        NearestName.Find(word, known) is { } nearest ? $"; did you mean `{nearest}`?" : "";
}

using PolicyLint.Sql.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlParser = YamlDotNet.Core.Parser;

namespace PolicyLint.Configuration.Yaml;

/// <summary>
/// Reads one YAML document from the parser's events. Aliases are refused, so that a small file cannot grow into a large tree,
/// and depth and size are bounded.
/// </summary>
internal sealed class YamlTree
{
    private const int MaximumDepth = 16;
    private const int MaximumLength = 1_000_000;

    private readonly SourceText _source;
    private readonly YamlParser _events;

    private YamlTree(SourceText source)
    {
        _source = source;
        _events = new YamlParser(new StringReader(source.Text));
    }

    /// <summary>The document's root; null for an empty document or an error.</summary>
    public static YamlNode? Read(SourceText source, out ConfigurationError? error)
    {
        error = null;
        if (source.Text.Length > MaximumLength)
        {
            error = new(new(0, 0), $"the file has {source.Text.Length} characters; a configuration has at most {MaximumLength}");
            return null;
        }
        try
        {
            return new YamlTree(source).ReadDocument();
        }
        catch (YamlException e)
        {
            var start = Offset(source, e.Start);
            error = new(TextSpan.FromBounds(start, Math.Max(start, Offset(source, e.End))), Wording(e));
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        _events.MoveNext();
        Take<StreamStart>();
        if (_events.Current is StreamEnd)
            return null;
        Take<DocumentStart>();
        var root = ReadNode(0);
        Take<DocumentEnd>();
        if (_events.Current is DocumentStart second)
            throw new YamlException(second.Start, second.End, "a configuration is one document");
        return root is YamlScalar { Value: "" } ? null : root;
    }

    private YamlNode ReadNode(int depth)
    {
        var current = _events.Current!;
        if (depth > MaximumDepth)
            throw new YamlException(current.Start, current.End, $"nested more than {MaximumDepth} levels deep");
        switch (current)
        {
            case Scalar scalar:
                _events.MoveNext();
                return new YamlScalar(scalar.Value, SpanOf(scalar));
            case SequenceStart sequence:
            {
                _events.MoveNext();
                var items = new List<YamlNode>();
                while (_events.Current is not SequenceEnd)
                    items.Add(ReadNode(depth + 1));
                var end = Offset(_source, _events.Current.End);
                _events.MoveNext();
                return new YamlList(items, TextSpan.FromBounds(Offset(_source, sequence.Start), end));
            }
            case MappingStart mapping:
            {
                _events.MoveNext();
                var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
                while (_events.Current is not MappingEnd)
                {
                    if (_events.Current is not Scalar key)
                        throw new YamlException(_events.Current!.Start, _events.Current.End, "expected a key");
                    _events.MoveNext();
                    entries.Add(new(new(key.Value, SpanOf(key)), ReadNode(depth + 1)));
                }
                var end = Offset(_source, _events.Current.End);
                _events.MoveNext();
                return new YamlMap(entries, TextSpan.FromBounds(Offset(_source, mapping.Start), end));
            }
            case AnchorAlias alias:
                throw new YamlException(alias.Start, alias.End, "anchors and aliases are not used in a configuration");
            default:
                throw new YamlException(current.Start, current.End, "expected a value");
        }
    }

    private void Take<T>()
        where T : ParsingEvent
    {
        if (_events.Current is not T)
            throw new YamlException(_events.Current?.Start ?? Mark.Empty, _events.Current?.End ?? Mark.Empty, "this is not a configuration");
        _events.MoveNext();
    }

    private TextSpan SpanOf(ParsingEvent e) => TextSpan.FromBounds(Offset(_source, e.Start), Offset(_source, e.End));

    private static int Offset(SourceText source, Mark mark) => (int)Math.Max(0, Math.Min(mark.Index, source.Text.Length));

    // YamlDotNet puts "(Line: …) - (…): " before its messages; the place is told by the finding.
    private static string Wording(YamlException e)
    {
        var message = e.Message;
        var start = message.IndexOf("): ", StringComparison.Ordinal);
        return message.StartsWith("(Line", StringComparison.Ordinal) && start >= 0 ? message.Substring(start + 3) : message;
    }
}

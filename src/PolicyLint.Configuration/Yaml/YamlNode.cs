using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration.Yaml;

/// <summary>A YAML value with its place. Only what policylint.yml needs: mappings, lists and scalars.</summary>
internal abstract record YamlNode(TextSpan Span);

internal sealed record YamlScalar(string Value, TextSpan Span) : YamlNode(Span);

internal sealed record YamlList(IReadOnlyList<YamlNode> Items, TextSpan Span) : YamlNode(Span);

internal sealed record YamlMap(IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries, TextSpan Span) : YamlNode(Span);

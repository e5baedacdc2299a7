using PolicyLint.Configuration.Yaml;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration;

/// <summary>Something in policylint.yml that cannot be taken as it stands.</summary>
/// <param name="Span">Where, in the configuration's text.</param>
/// <param name="Message">What is wrong, with the nearest right name where one is near.</param>
public sealed record ConfigurationError(TextSpan Span, string Message);

/// <summary>What a configuration says. Where there are errors, the options hold what could be read.</summary>
public sealed record ConfigurationResult(PolicyLintOptions Options, IReadOnlyList<ConfigurationError> Errors);

/// <summary>Reads policylint.yml. Never throws on input.</summary>
public sealed class ConfigurationReader
{
    private static readonly string[] TopLevelKeys =
        ["platform", "migrations", "rollbacks", "transactions", "tenancy", "roles", "schemas", "exempt", "csharp", "rules"];

    private static readonly string[] TenancyKeys = ["is", "in", "references"];
    private static readonly string[] ExemptKeys = ["table", "rules", "reason"];
    private static readonly string[] CSharpKeys = ["user", "repository-base", "rely-on-rls", "sinks"];
    private static readonly string[] Platforms = ["plain", "supabase"];
    private static readonly string[] TransactionModes = ["per-file", "per-statement"];
    private static readonly string[] SeverityNames = ["error", "warning", "information", "none"];

    private readonly SourceText _source;
    private readonly IReadOnlyCollection<string> _ruleIds;
    private readonly List<ConfigurationError> _errors = [];

    private ConfigurationReader(SourceText source, IReadOnlyCollection<string> ruleIds)
    {
        _source = source;
        _ruleIds = ruleIds;
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="source">The text of policylint.yml.</param>
    /// <param name="ruleIds">Ids of all rules there are; any other id in the configuration is an error.</param>
    public static ConfigurationResult Read(SourceText source, IReadOnlyCollection<string> ruleIds)
    {
        var root = YamlTree.Read(source, out var error);
        if (error is not null)
            return new(PolicyLintOptions.Default with { Source = source }, [error]);
        var reader = new ConfigurationReader(source, ruleIds);
        var options = root is null ? PolicyLintOptions.Default with { Source = source } : reader.ReadOptions(root);
        return new(options, reader._errors);
    }

    private PolicyLintOptions ReadOptions(YamlNode root)
    {
        var options = new PolicyLintOptions { Source = _source };
        foreach (var (key, value) in Entries(root, TopLevelKeys, "the configuration"))
        {
            options = key switch
            {
                "platform" => options with { Platform = OneOf(value, Platforms) },
                "migrations" => options with { Migrations = Strings(value) },
                "rollbacks" => options with { Rollbacks = Strings(value) },
                "transactions" => options with { TransactionPerFile = OneOf(value, TransactionModes) is { } mode ? mode == "per-file" : null },
                "tenancy" => options with { Tenancy = Tenancy(value) },
                "roles" => options with { ApplicationRoles = Strings(value) },
                "schemas" => options with { ExposedSchemas = Strings(value) },
                "exempt" => options with { Exemptions = Exemptions(value) },
                "csharp" => options with { CSharp = CSharp(value) },
                _ => options with { Severities = Severities(value) },
            };
        }
        return options;
    }

    private List<TenancyOption> Tenancy(YamlNode node)
    {
        var result = new List<TenancyOption>();
        foreach (var (column, value, span) in FreeEntries(node, "tenancy"))
        {
            if (value is YamlScalar shorthand)
            {
                CheckSql(shorthand);
                result.Add(new(column, shorthand.Value, "", "", span));
                continue;
            }
            string equal = "", among = "", references = "";
            foreach (var (key, part) in Entries(value, TenancyKeys, $"tenancy.{column}"))
            {
                var text = String(part);
                if (key == "references")
                    references = text;
                else if (part is YamlScalar scalar && CheckSql(scalar, isQuery: key == "in"))
                    _ = key == "is" ? equal = text : among = text;
            }
            if (equal.Length == 0 && among.Length == 0 && references.Length == 0)
                Error(span, $"tenancy.{column} says neither `is` (an expression) nor `in` (a select)");
            else if (equal.Length > 0 && among.Length > 0)
                Error(span, $"tenancy.{column} says both `is` and `in`: give one");
            else
                result.Add(new(column, equal, among, references, span));
        }
        return result;
    }

    private List<Exemption> Exemptions(YamlNode node)
    {
        var result = new List<Exemption>();
        foreach (var item in List(node, "exempt"))
        {
            string table = "", reason = "";
            IReadOnlyList<string> rules = [];
            foreach (var (key, value) in Entries(item, ExemptKeys, "an exemption"))
            {
                if (key == "table")
                    table = String(value);
                else if (key == "reason")
                    reason = String(value);
                else
                    rules = RuleIds(value);
            }
            if (table.Length == 0)
                Error(item.Span, "an exemption needs a `table`");
            else if (reason.Trim().Length == 0)
                Error(item.Span, $"the exemption of {table} needs a `reason`");
            else
                result.Add(new(table, rules, reason, item.Span));
        }
        return result;
    }

    private CSharpOptions CSharp(YamlNode node)
    {
        var options = new CSharpOptions();
        foreach (var (key, value) in Entries(node, CSharpKeys, "csharp"))
        {
            options = key switch
            {
                "user" => options with { User = Strings(value) },
                "repository-base" => options with { RepositoryBase = String(value) },
                "rely-on-rls" => options with { RelyOnRls = Boolean(value) },
                _ => options with { Sinks = Strings(value) },
            };
        }
        return options;
    }

    private Dictionary<string, Severity> Severities(YamlNode node)
    {
        var result = new Dictionary<string, Severity>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, value, span) in FreeEntries(node, "rules"))
        {
            if (!CheckRuleId(id, span) || OneOf(value, SeverityNames) is not { } name)
                continue;
            result[id] = name switch
            {
                "error" => Severity.Error,
                "warning" => Severity.Warning,
                "information" => Severity.Information,
                _ => Severity.None,
            };
        }
        return result;
    }

    private List<string> RuleIds(YamlNode node)
    {
        var result = new List<string>();
        foreach (var scalar in Scalars(node))
        {
            if (CheckRuleId(scalar.Value, scalar.Span))
                result.Add(scalar.Value);
        }
        return result;
    }

    private bool CheckRuleId(string id, TextSpan span)
    {
        foreach (var known in _ruleIds)
        {
            if (string.Equals(known, id, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        Error(span, $"there is no rule {id}{Suggestion(id, _ruleIds)}");
        return false;
    }

    // A plain scalar on one line stands in the file as it is, so an error inside it has an exact place.
    private bool CheckSql(YamlScalar scalar, bool isQuery = false)
    {
        var text = new SourceText(isQuery ? "(" + scalar.Value + ")" : scalar.Value);
        if (SqlParser.ParseExpression(text, out var error) is not null && error is null)
            return true;
        var start = scalar.Span.Start + Math.Max(0, (error?.Span.Start ?? 0) - (isQuery ? 1 : 0));
        Error(new(Math.Min(start, scalar.Span.End), 0), $"`{scalar.Value}` is not {(isQuery ? "a query" : "an expression")}: {error?.Message ?? "syntax error"}");
        return false;
    }

    private IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string[] known, string where)
    {
        foreach (var (key, value, span) in FreeEntries(node, where))
        {
            if (Array.IndexOf(known, key) >= 0)
                yield return (key, value);
            else
                Error(span, $"unknown key `{key}` in {where}{Suggestion(key, known)}");
        }
    }

    private IEnumerable<(string Key, YamlNode Value, TextSpan Span)> FreeEntries(YamlNode node, string where)
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

    private IReadOnlyList<YamlNode> List(YamlNode node, string where)
    {
        if (node is YamlList list)
            return list.Items;
        if (node is not YamlScalar { Value: "" })
            Error(node.Span, $"{where} is a list");
        return [];
    }

    private IEnumerable<YamlScalar> Scalars(YamlNode node)
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

    private List<string> Strings(YamlNode node)
    {
        var result = new List<string>();
        foreach (var scalar in Scalars(node))
            result.Add(scalar.Value);
        return result;
    }

    private string String(YamlNode node)
    {
        if (node is YamlScalar scalar)
            return scalar.Value;
        Error(node.Span, "expected a text");
        return "";
    }

    private bool Boolean(YamlNode node)
    {
        var value = String(node);
        if (value is not ("true" or "false"))
            Error(node.Span, "expected true or false");
        return value == "true";
    }

    private string? OneOf(YamlNode node, string[] values)
    {
        var value = String(node);
        if (Array.IndexOf(values, value) >= 0)
            return value;
        Error(node.Span, $"`{value}` is none of {string.Join(", ", values)}{Suggestion(value, values)}");
        return null;
    }

    private void Error(TextSpan span, string message) => _errors.Add(new(span, message));

    private static string Suggestion(string word, IEnumerable<string> known) =>
        NearestName.Find(word, known) is { } nearest ? $"; did you mean `{nearest}`?" : "";
}

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
    private readonly YamlValues _values = new();

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
        return new(options, reader._values.Errors);
    }

    private PolicyLintOptions ReadOptions(YamlNode root)
    {
        var options = new PolicyLintOptions { Source = _source };
        foreach (var (key, value) in _values.Entries(root, TopLevelKeys, "the configuration"))
        {
            options = key switch
            {
                "platform" => options with { Platform = _values.OneOf(value, Platforms) },
                "migrations" => options with { Migrations = _values.Strings(value) },
                "rollbacks" => options with { Rollbacks = _values.Strings(value) },
                "transactions" => options with { TransactionPerFile = _values.OneOf(value, TransactionModes) is { } mode ? mode == "per-file" : null },
                "tenancy" => options with { Tenancy = Tenancy(value) },
                "roles" => options with { ApplicationRoles = _values.Strings(value) },
                "schemas" => options with { ExposedSchemas = _values.Strings(value) },
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
        foreach (var (column, value, span) in _values.FreeEntries(node, "tenancy"))
        {
            if (value is YamlScalar shorthand)
            {
                _values.CheckSql(shorthand);
                result.Add(new(column, shorthand.Value, "", "", span));
                continue;
            }
            string equal = "", among = "", references = "";
            var isBroken = false;
            foreach (var (key, part) in _values.Entries(value, TenancyKeys, $"tenancy.{column}"))
            {
                var text = _values.String(part);
                if (key == "references")
                    references = text;
                else if (part is YamlScalar scalar && _values.CheckSql(scalar, isQuery: key == "in"))
                    _ = key == "is" ? equal = text : among = text;
                else
                    isBroken = true;
            }
            if (isBroken)
                continue;
            if (equal.Length == 0 && among.Length == 0 && references.Length == 0)
                _values.Error(span, $"tenancy.{column} says neither `is` (an expression) nor `in` (a select)");
            else if (equal.Length > 0 && among.Length > 0)
                _values.Error(span, $"tenancy.{column} says both `is` and `in`: give one");
            else
                result.Add(new(column, equal, among, references, span));
        }
        return result;
    }

    private List<Exemption> Exemptions(YamlNode node)
    {
        var result = new List<Exemption>();
        foreach (var item in _values.List(node, "exempt"))
        {
            string table = "", reason = "";
            IReadOnlyList<string> rules = [];
            foreach (var (key, value) in _values.Entries(item, ExemptKeys, "an exemption"))
            {
                if (key == "table")
                    table = _values.String(value);
                else if (key == "reason")
                    reason = _values.String(value);
                else
                    rules = RuleIds(value);
            }
            if (table.Length == 0)
                _values.Error(item.Span, "an exemption needs a `table`");
            else if (reason.Trim().Length == 0)
                _values.Error(item.Span, $"the exemption of {table} needs a `reason`");
            else
                result.Add(new(table, rules, reason, item.Span));
        }
        return result;
    }

    private CSharpOptions CSharp(YamlNode node)
    {
        var options = new CSharpOptions();
        foreach (var (key, value) in _values.Entries(node, CSharpKeys, "csharp"))
        {
            options = key switch
            {
                "user" => options with { User = _values.Strings(value) },
                "repository-base" => options with { RepositoryBase = _values.String(value) },
                "rely-on-rls" => options with { RelyOnRls = _values.Boolean(value) },
                _ => options with { Sinks = _values.Strings(value) },
            };
        }
        return options;
    }

    private Dictionary<string, Severity> Severities(YamlNode node)
    {
        var result = new Dictionary<string, Severity>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, value, span) in _values.FreeEntries(node, "rules"))
        {
            if (!CheckRuleId(id, span) || _values.OneOf(value, SeverityNames) is not { } name)
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
        foreach (var scalar in _values.Scalars(node))
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
        _values.Error(span, $"there is no rule {id}{YamlValues.Suggestion(id, _ruleIds)}");
        return false;
    }
}

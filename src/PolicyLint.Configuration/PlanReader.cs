using System.Globalization;
using PolicyLint.Configuration.Yaml;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Verification;
using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration;

/// <summary>What a plan's text says. Where there are errors, the plan holds what could be read.</summary>
public sealed record PlanResult(VerificationPlan Plan, IReadOnlyList<ConfigurationError> Errors);

/// <summary>Reads a verification plan. Never throws on input.</summary>
public sealed class PlanReader
{
    private static readonly string[] s_topLevelKeys = ["guard", "from", "before", "after", "rollback"];
    private static readonly string[] s_guardKeys = ["database", "not-database", "host", "not-host", "query", "is"];

    private readonly YamlValues _values = new();

    /// <summary>Reads a plan.</summary>
    /// <param name="source">YAML.</param>
    public static PlanResult Read(SourceText source)
    {
        var plan = new VerificationPlan { Source = source };
        var root = YamlTree.Read(source, out var error);
        if (error is not null)
            return new(plan, [error]);
        var reader = new PlanReader();
        return new(root is null ? plan : reader.ReadPlan(plan, root), reader._values.Errors);
    }

    private VerificationPlan ReadPlan(VerificationPlan plan, YamlNode root)
    {
        foreach (var (key, value) in _values.Entries(root, s_topLevelKeys, "the plan"))
        {
            plan = key switch
            {
                "guard" => plan with { Guard = Guard(value) },
                "from" => plan with { From = _values.String(value) },
                "before" => plan with { Before = Expectations(value, key) },
                "after" => plan with { After = Expectations(value, key) },
                _ => plan with { Rollback = Expectations(value, key) },
            };
        }
        return plan;
    }

    private PlanGuard Guard(YamlNode node)
    {
        List<string> databases = [], notDatabases = [], hosts = [], notHosts = [];
        string query = "", answer = "";
        foreach (var (key, value) in _values.Entries(node, s_guardKeys, "guard"))
        {
            switch (key)
            {
                case "database":
                    databases = _values.Strings(value);
                    break;
                case "not-database":
                    notDatabases = _values.Strings(value);
                    break;
                case "host":
                    hosts = _values.Strings(value);
                    break;
                case "not-host":
                    notHosts = _values.Strings(value);
                    break;
                case "query":
                    query = value is YamlScalar scalar && _values.CheckSql(scalar, isQuery: true) ? scalar.Value : "";
                    break;
                default:
                    answer = _values.String(value);
                    break;
            }
        }
        if ((query.Length > 0) != (answer.Length > 0))
            _values.Error(node.Span, "a guard's `query` and `is` go together");
        return new(databases, notDatabases, hosts, notHosts, query, answer, node.Span);
    }

    private List<Expectation> Expectations(YamlNode node, string phase)
    {
        var result = new List<Expectation>();
        foreach (var item in _values.List(node, phase))
        {
            if (item is not YamlMap { Entries: [var first, ..] } map)
            {
                _values.Error(item.Span, $"an expectation is a mapping that begins with its kind, as in `- rls: public.{phase}`");
                continue;
            }
            if (!ExpectationKinds.All.TryGetValue(first.Key.Value, out var kind))
            {
                _values.Error(first.Key.Span, $"there is no expectation `{first.Key.Value}`{YamlValues.Suggestion(first.Key.Value, ExpectationKinds.All.Keys)}");
                continue;
            }
            var arguments = new PlanArguments(_values, first, map, kind);
            foreach (var target in arguments.Targets)
            {
                if (kind.Read(arguments, target) is { } expectation)
                    result.Add(expectation with { Reason = arguments.Text("reason") });
            }
        }
        return result;
    }
}

/// <summary>The targets and parameters of one item of a plan.</summary>
internal sealed class PlanArguments
{
    private static readonly string[] s_units = ["s", "sec", "min", "h", "hour", "hours", "minutes", "seconds"];
    private static readonly string[] s_sizes = ["bytes", "kb", "mb", "gb", "tb"];

    private readonly YamlValues _values;
    private readonly Dictionary<string, YamlNode> _parameters = new(StringComparer.Ordinal);

    public PlanArguments(YamlValues values, KeyValuePair<YamlScalar, YamlNode> first, YamlMap map, ExpectationKind kind)
    {
        _values = values;
        Name = first.Key.Value;
        Span = map.Span;
        Targets = [.. values.Scalars(first.Value)];
        if (Targets.Count == 0)
            values.Error(first.Key.Span, $"`{Name}` names nothing");
        string[] known = [Name, .. kind.Parameters, "reason"];
        foreach (var (key, value) in values.Entries(map, known, $"`{Name}`"))
        {
            if (key != Name)
                _parameters.Add(key, value);
        }
    }

    /// <summary>The kind of the expectation.</summary>
    public string Name { get; }

    /// <summary>The whole item.</summary>
    public TextSpan Span { get; }

    /// <summary>What stands behind the kind: each is an expectation of its own.</summary>
    public IReadOnlyList<YamlScalar> Targets { get; }

    public bool Has(string parameter) => _parameters.ContainsKey(parameter);

    public string Text(string parameter) => _parameters.TryGetValue(parameter, out var value) ? _values.String(value) : "";

    public List<string> Texts(string parameter) => _parameters.TryGetValue(parameter, out var value) ? _values.Strings(value) : [];

    public bool Flag(string parameter, bool otherwise) => Flag(parameter) ?? otherwise;

    public bool? Flag(string parameter) => _parameters.TryGetValue(parameter, out var value) ? _values.Boolean(value) : null;

    public string OneOf(string parameter, params string[] words) =>
        _parameters.TryGetValue(parameter, out var value) ? _values.OneOf(value, words) ?? "" : "";

    /// <summary>A condition or expression; empty where it is missing or wrong.</summary>
    public string Sql(string parameter) =>
        _parameters.TryGetValue(parameter, out var value) && value is YamlScalar scalar && (scalar.Value == "none" || _values.CheckSql(scalar)) ? scalar.Value : "";

    public long? Number(string parameter)
    {
        if (!_parameters.TryGetValue(parameter, out var value))
            return null;
        if (long.TryParse(_values.String(value), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        _values.Error(value.Span, $"`{parameter}` is a whole number");
        return null;
    }

    public decimal Percent(string parameter, decimal otherwise)
    {
        if (!_parameters.TryGetValue(parameter, out var value))
            return otherwise;
        if (decimal.TryParse(_values.String(value).TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 100)
            return number;
        _values.Error(value.Span, $"`{parameter}` is a percentage from 0 to 100");
        return otherwise;
    }

    public QualifiedId? Relation(YamlScalar name) => Parts(name, 2) is { } parts ? Id(parts, parts.Count) : null;

    /// <summary>`schema.table.column`, or `table.column` in the schema public.</summary>
    public (QualifiedId Table, string Column)? Column(YamlScalar name)
    {
        if (Parts(name, 3) is not { } parts)
            return null;
        if (parts.Count >= 2)
            return (Id(parts, parts.Count - 1), parts[parts.Count - 1]);
        _values.Error(name.Span, $"`{name.Value}` names no column: write table.column");
        return null;
    }

    public QualifiedId? Relation(string parameter) =>
        _parameters.TryGetValue(parameter, out var value) && value is YamlScalar scalar ? Relation(scalar) : null;

    public (QualifiedId Table, string Column)? Column(string parameter) =>
        _parameters.TryGetValue(parameter, out var value) && value is YamlScalar scalar ? Column(scalar) : null;

    public TimeSpan? Duration(YamlScalar text)
    {
        if (Measure(text, s_units) is not var (number, unit))
            return null;
        return TimeSpan.FromSeconds((double)number * (unit[0] switch { 's' => 1, 'm' => 60, _ => 3600 }));
    }

    public long? Bytes(string parameter)
    {
        if (!_parameters.TryGetValue(parameter, out var value) || value is not YamlScalar scalar || Measure(scalar, s_sizes) is not var (number, unit))
            return null;
        return (long)(number * (decimal)Math.Pow(1024, Array.IndexOf(s_sizes, unit)));
    }

    /// <summary>Rows as a list of lists, or of single values; null is the word `null`.</summary>
    public List<IReadOnlyList<string>> Rows(string parameter)
    {
        var rows = new List<IReadOnlyList<string>>();
        if (_parameters.TryGetValue(parameter, out var value))
        {
            foreach (var row in _values.List(value, parameter))
                rows.Add(row is YamlList cells ? [.. cells.Items.Select(cell => _values.String(cell))] : [_values.String(row)]);
        }
        return rows;
    }

    /// <summary>Says that something which the kind needs is not there.</summary>
    public void Missing(string what) => _values.Error(Span, $"`{Name}` needs {what}");

    public bool CheckQuery(YamlScalar query) => _values.CheckSql(query, isQuery: true);

    private (decimal Number, string Unit)? Measure(YamlScalar text, string[] units)
    {
        var end = 0;
        while (end < text.Value.Length && (char.IsDigit(text.Value[end]) || text.Value[end] == '.'))
            end++;
        var unit = text.Value.Substring(end).Trim().ToLowerInvariant();
        if (end <= 12 && Array.IndexOf(units, unit) >= 0 && decimal.TryParse(text.Value.Substring(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return (number, unit);
        _values.Error(text.Span, $"`{text.Value}` is not a number with one of the units {string.Join(", ", units)}");
        return null;
    }

    private IReadOnlyList<string>? Parts(YamlScalar name, int most)
    {
        if (DottedName.Parse(name.Value) is { } parts && parts.Count <= most)
            return parts;
        _values.Error(name.Span, $"`{name.Value}` is not a name: write schema.table{(most == 3 ? ".column" : "")}, with quotation marks around parts that need them");
        return null;
    }

    private static QualifiedId Id(IReadOnlyList<string> parts, int count) => count == 1 ? new("public", parts[0]) : new(parts[count - 2], parts[count - 1]);
}

using System.Text.Json;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Platforms;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>What a server was once seen to hold: the JSON files beside the corpus.</summary>
internal sealed class RecordedCatalog(JsonElement root)
{
    private static readonly Origin Recorded = Origin.Live("recorded");

    public bool IsPlain => root.GetProperty("mode").GetString() == "plain";

    public static RecordedCatalog? Find(string folder, string database)
    {
        var file = Path.Combine(folder, database + ".json");
        return File.Exists(file) ? new(JsonDocument.Parse(File.ReadAllBytes(file)).RootElement) : null;
    }

    /// <summary>How the replay differs from the record, in what the record tells.</summary>
    public IReadOnlyList<CatalogDisagreement> Against(DatabaseCatalog replayed)
    {
        // Foreign tables, sequences and what lies in a schema of the platform were not recorded.
        var relations = replayed.Relations
            .Where(static r => r.Value is Sequence or Table { Kind: TableKind.Foreign } || r.Value.IsForeignOwned || PlatformSql.Supabase.Schemas.Contains(r.Key.Schema))
            .ToDictionary();
        var extra = new List<CatalogDisagreement>();
        foreach (var json in root.GetProperty("tables").EnumerateArray())
        {
            var ours = replayed.Relations.GetValueOrDefault(IdOf(json)) as Table;
            relations[IdOf(json)] = TableOf(json, ours);
            CompareColumns(json, ours, extra);
        }
        foreach (var json in root.GetProperty("views").EnumerateArray())
        {
            var ours = replayed.Relations.GetValueOrDefault(IdOf(json)) as View;
            relations[IdOf(json)] = ViewOf(json, ours);
        }
        foreach (var group in root.GetProperty("policies_other_schemas").EnumerateArray().GroupBy(static p => p.GetProperty("table").GetString()!))
        {
            var name = group.Key.Split('.');
            if (relations.GetValueOrDefault(new(name[0], name[1])) is Table table)
                relations[table.Id] = table with { Policies = [.. group.Select(static p => PolicyOf(p.GetProperty("policy")))] };
        }
        var recorded = new DatabaseCatalog
        {
            Relations = relations,
            Functions = replayed.Functions,
            Types = replayed.Types,
            Schemas = replayed.Schemas,
            Roles = replayed.Roles,
            SearchPath = replayed.SearchPath,
        };
        CompareDefiners(replayed, extra);
        return [.. CatalogDifference.Between(replayed, recorded), .. extra];
    }

    private static QualifiedId IdOf(JsonElement json) => new(json.GetProperty("schema").GetString()!, json.GetProperty("name").GetString()!);

    private static Table TableOf(JsonElement json, Table? ours)
    {
        var table = ours ?? new Table { Id = IdOf(json), CreatedAt = Recorded, RowSecurityEnabled = default, RowSecurityForced = default };
        return table with
        {
            RowSecurityEnabled = new(json.GetProperty("rls").GetBoolean(), Recorded),
            RowSecurityForced = new(json.GetProperty("force").GetBoolean(), Recorded),
            Grants = GrantsOf(json),
            Policies = [.. json.GetProperty("policies").EnumerateArray().Select(PolicyOf)],
        };
    }

    private static View ViewOf(JsonElement json, View? ours)
    {
        var isInvoker = json.GetProperty("options") is { ValueKind: JsonValueKind.Array } options
            && options.EnumerateArray().Any(static o => o.GetString() is "security_invoker=on" or "security_invoker=true");
        var view = ours ?? new View { Id = IdOf(json), CreatedAt = Recorded, SecurityInvoker = default, SecurityBarrier = default };
        return view with { IsMaterialized = json.GetProperty("kind").GetString() == "m", SecurityInvoker = new(isInvoker, Recorded), Grants = GrantsOf(json) };
    }

    // The record keeps the grants to everyone but the owner, as our catalog does.
    private static List<Grant> GrantsOf(JsonElement json)
    {
        var grants = new List<Grant>();
        if (json.GetProperty("grants") is not { ValueKind: JsonValueKind.Object } byRole)
            return grants;
        // Where the platform's superuser applied the migrations, postgres was granted what it owns here.
        var isSuperusers = json.GetProperty("owner").GetString() == "supabase_admin";
        foreach (var role in byRole.EnumerateObject().Where(role => !isSuperusers || role.Name != "postgres"))
        {
            foreach (var privilege in role.Value.GetString()!.Split(','))
                grants.Add(new(privilege.ToLowerInvariant(), role.Name.Equals("public", StringComparison.OrdinalIgnoreCase) ? "public" : role.Name, false, Recorded));
        }
        return grants;
    }

    private static Policy PolicyOf(JsonElement json) => new()
    {
        Name = json.GetProperty("name").GetString()!,
        Command = Enum.Parse<PolicyCommand>(json.GetProperty("cmd").GetString()!, ignoreCase: true),
        IsPermissive = json.GetProperty("permissive").GetBoolean(),
        Roles = [.. json.GetProperty("roles").EnumerateArray().Select(static r => r.GetString()!)],
        Using = ExpressionOf(json.GetProperty("qual")),
        WithCheck = ExpressionOf(json.GetProperty("with_check")),
        CreatedAt = Recorded,
        ChangedAt = Recorded,
    };

    private static SqlFragment<Expression>? ExpressionOf(JsonElement json)
    {
        if (json.GetString() is not { } text)
            return null;
        var source = new SourceText("select " + text, "recorded");
        return SqlParser.Parse(source).Statements[0] is SelectQuery { Targets: [{ Value: { } value }] } ? new(value, source) : throw new InvalidDataException("not read: " + text);
    }

    private static void CompareColumns(JsonElement json, Table? ours, List<CatalogDisagreement> differences)
    {
        if (ours is null)
            return;
        var count = json.GetProperty("columns").GetInt32();
        if (ours.AreColumnsKnown && ours.Columns.Count != count)
            differences.Add(new($"columns of {ours.Id}", $"{ours.Columns.Count}", $"{count}"));
        foreach (var recorded in json.GetProperty("owner_columns").EnumerateArray())
        {
            var column = ours.FindColumn(recorded.GetProperty("column").GetString()!);
            var left = column is null ? null : column.Type + (column.IsNotNull.Value ? " not null" : "");
            var right = recorded.GetProperty("type").GetString() + (recorded.GetProperty("not_null").GetBoolean() ? " not null" : "");
            if (left != right && column is not { Type: "" })
                differences.Add(new($"column {recorded.GetProperty("column")} of {ours.Id}", left, right));
        }
    }

    private void CompareDefiners(DatabaseCatalog replayed, List<CatalogDisagreement> differences)
    {
        var left = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var function in replayed.Functions.Values.SelectMany(static f => f))
        {
            if (function is { IsSecurityDefiner: true, IsForeignOwned: false, IsAssumed: false })
                left.Add(Describe(function.Id, function.Language, function.Volatility.ToString()[..1], function.Settings.Select(static s => s.Key + "=" + (s.Value.Length == 0 ? "\"\"" : s.Value))));
        }
        var right = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var json in root.GetProperty("functions_secdef").EnumerateArray())
        {
            var settings = json.GetProperty("config") is { ValueKind: JsonValueKind.Array } config ? config.EnumerateArray().Select(static c => c.GetString()!) : [];
            right.Add(Describe(IdOf(json), json.GetProperty("lang").GetString()!, json.GetProperty("volatile").GetString()!, settings));
        }
        foreach (var only in left.Except(right))
            differences.Add(new(only, "definer", null));
        foreach (var only in right.Except(left))
            differences.Add(new(only, null, "definer"));
    }

    private static string Describe(QualifiedId id, string language, string volatility, IEnumerable<string> settings) =>
        $"function {id} {language} {volatility.ToLowerInvariant()} {string.Join(" ", settings.Order(StringComparer.Ordinal))}";
}

using System.Text.Json;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Cli.Output;

/// <summary>
/// Catalogs as JSON, sorted by name, version 1: a property is added without a new version, never renamed or removed.
/// What is not known is null; `not known` lists what may differ from what stands here.
/// </summary>
internal sealed class CatalogJsonWriter
{
    private readonly Utf8JsonWriter _json;
    private readonly bool _includeForeign;

    private CatalogJsonWriter(Utf8JsonWriter json, bool includeForeign) => (_json, _includeForeign) = (json, includeForeign);

    public static void Write(IReadOnlyList<(string Name, DatabaseCatalog Catalog)> catalogs, bool includeForeign, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonReportWriter.Options))
        {
            var writer = new CatalogJsonWriter(json, includeForeign);
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            writer.Array("databases", catalogs, database => writer.Write(database.Name, database.Catalog));
            json.WriteEndObject();
        }
        output.Write(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        output.Write('\n');
    }

    private void Write(string name, DatabaseCatalog catalog)
    {
        _json.WriteString("name", name);
        _json.WriteString("platform", catalog.Platform);
        Array("schemas", Sorted(catalog.Schemas.Values.Where(s => Shown(s.IsForeignOwned)), static s => s.Name), Write);
        Array("roles", Sorted(catalog.Roles.Values.Where(r => Shown(r.IsForeignOwned)), static r => r.Name), Write);
        Array("types", Sorted(catalog.Types.Values.Where(t => Shown(t.IsForeignOwned)), static t => t.Id.ToString()), Write);
        Array("tables", Sorted(catalog.Relations.Values.OfType<Table>().Where(ShownTable), static t => t.Id.ToString()), Write);
        Array("views", Sorted(catalog.Relations.Values.OfType<View>().Where(v => Shown(v.IsForeignOwned)), static v => v.Id.ToString()), Write);
        Array("sequences", Sorted(catalog.Relations.Values.OfType<Sequence>().Where(s => Shown(s.IsForeignOwned)), static s => s.Id.ToString()), WriteCommon);
        Array("functions", Sorted(catalog.Functions.Values.SelectMany(static f => f).Where(f => Shown(f.IsForeignOwned)), Signature), Write);
        Array("defaultPrivileges", catalog.DefaultPrivileges.Where(p => Shown(p.Origin.Source is null)), Write);
        Strings("extensions", catalog.Extensions.Order(StringComparer.Ordinal));
        Strings("unknownEffects", catalog.UnknownEffects.Select(PlaceOf));
    }

    private bool Shown(bool isForeign) => _includeForeign || !isForeign;

    // The platform's tables with policies that the project wrote.
    private bool ShownTable(Table table) => Shown(table.IsForeignOwned) || table.Policies.Any(static p => p.CreatedAt.Source is not null);

    private static string Signature(Function function) => $"{function.Id}({string.Join(", ", function.InputTypes)})";

    private void Write(Schema schema)
    {
        _json.WriteString("name", schema.Name);
        Grants(schema.Grants);
    }

    private void Write(Role role)
    {
        _json.WriteString("name", role.Name);
        _json.WriteBoolean("isMade", !role.IsAssumed);
        _json.WriteBoolean("superuser", role.IsSuperuser);
        _json.WriteBoolean("bypassesRowSecurity", role.BypassesRowSecurity);
        _json.WriteBoolean("login", role.CanLogin);
        _json.WriteBoolean("inherits", role.Inherits);
        Strings("memberOf", role.MemberOf.Select(static m => m.Role).Order(StringComparer.Ordinal));
    }

    private void Write(UserType type)
    {
        Id(type.Id);
        _json.WriteString("kind", Lower(type.Kind));
        Strings("labels", type.Labels);
        _json.WriteString("baseType", type.BaseType.Length == 0 ? null : type.BaseType);
        Array("attributes", type.Attributes, Write);
    }

    private void WriteCommon(Relation relation)
    {
        Id(relation.Id);
        _json.WriteString("createdAt", PlaceOf(relation.CreatedAt));
        _json.WriteBoolean("isMade", !relation.IsAssumed);
        _json.WriteString("owner", relation.Owner);
        Strings("taintedBy", relation.Taints.Select(PlaceOf));
        Grants(relation.Grants);
    }

    private void Write(Table table)
    {
        WriteCommon(table);
        _json.WriteString("kind", Lower(table.Kind));
        Known("rowSecurity", table.RowSecurityEnabled);
        Known("forcedRowSecurity", table.RowSecurityForced);
        _json.WriteString("partitionOf", table.PartitionOf?.ToString());
        Strings("inherits", table.Inherits.Select(static p => p.ToString()));
        Columns(table);
        Array("constraints", Sorted(table.Constraints, static c => c.Name), Write);
        Array("indexes", Sorted(table.Indexes, static i => i.Name), Write);
        Array("policies", Sorted(table.Policies, static p => p.Name), Write);
        Array("triggers", Sorted(table.Triggers, static t => t.Name), Write);
    }

    private void Write(View view)
    {
        WriteCommon(view);
        _json.WriteBoolean("materialized", view.IsMaterialized);
        Known("securityInvoker", view.SecurityInvoker);
        Known("securityBarrier", view.SecurityBarrier);
        Columns(view);
        Array("indexes", Sorted(view.Indexes, static i => i.Name), Write);
        _json.WriteString("query", view.Query?.ToString());
    }

    private void Columns(Relation relation)
    {
        _json.WriteBoolean("areColumnsKnown", relation.AreColumnsKnown);
        Array("columns", relation.Columns, Write);
    }

    private void Write(Column column)
    {
        _json.WriteString("name", column.Name);
        _json.WriteString("type", column.Type.Length == 0 ? null : column.Type);
        Known("notNull", column.IsNotNull);
        _json.WriteBoolean("identity", column.IsIdentity);
        _json.WriteBoolean("generated", column.IsGenerated);
        _json.WriteString("default", column.Default?.ToString());
        Grants(column.Grants);
    }

    private void Write(TableConstraint constraint)
    {
        _json.WriteString("name", constraint.Name);
        _json.WriteString("kind", Lower(constraint.Kind));
        Strings("columns", constraint.Columns);
        _json.WriteString("references", constraint.ReferencedTable?.ToString());
        Strings("referencedColumns", constraint.ReferencedColumns);
        _json.WriteString("onDelete", Action(constraint.OnDelete));
        _json.WriteString("onUpdate", Action(constraint.OnUpdate));
        _json.WriteString("condition", constraint.Condition?.ToString());
        _json.WriteBoolean("validated", constraint.IsValidated);
    }

    private void Write(TableIndex index)
    {
        _json.WriteString("name", index.Name);
        _json.WriteBoolean("unique", index.IsUnique);
        _json.WriteString("method", index.Method);
        Strings("keys", index.Keys.Select(static k => k.Column ?? k.Expression?.ToString() ?? ""));
        Strings("include", index.Include);
        _json.WriteString("predicate", index.Predicate?.ToString());
        _json.WriteString("constraint", index.Constraint);
    }

    private void Write(Policy policy)
    {
        _json.WriteString("name", policy.Name);
        _json.WriteString("command", Lower(policy.Command));
        _json.WriteBoolean("permissive", policy.IsPermissive);
        Strings("roles", policy.Roles);
        _json.WriteString("using", policy.Using?.ToString());
        _json.WriteString("withCheck", policy.WithCheck?.ToString());
        _json.WriteBoolean("tainted", policy.IsTainted);
        _json.WriteString("createdAt", PlaceOf(policy.CreatedAt));
        _json.WriteString("changedAt", PlaceOf(policy.ChangedAt));
    }

    private void Write(Trigger trigger)
    {
        _json.WriteString("name", trigger.Name);
        _json.WriteString("timing", Lower(trigger.Timing));
        _json.WriteString("function", trigger.Function.ToString());
        _json.WriteBoolean("enabled", trigger.IsEnabled);
    }

    private void Write(Function function)
    {
        Id(function.Id);
        _json.WriteString("createdAt", PlaceOf(function.CreatedAt));
        _json.WriteString("changedAt", PlaceOf(function.ChangedAt));
        _json.WriteBoolean("procedure", function.IsProcedure);
        Array("parameters", function.Parameters, parameter =>
        {
            _json.WriteString("name", parameter.Name);
            _json.WriteString("type", parameter.Type);
            _json.WriteString("mode", Lower(parameter.Mode));
            _json.WriteBoolean("hasDefault", parameter.HasDefault);
        });
        _json.WriteString("returns", function.Returns);
        _json.WriteString("language", function.Language);
        _json.WriteString("volatility", Lower(function.Volatility));
        _json.WriteBoolean("securityDefiner", function.IsSecurityDefiner);
        _json.WriteBoolean("leakproof", function.IsLeakproof);
        _json.WriteBoolean("strict", function.IsStrict);
        _json.WriteStartObject("settings");
        foreach (var setting in function.Settings.OrderBy(static s => s.Key, StringComparer.Ordinal))
            _json.WriteString(setting.Key, setting.Value);
        _json.WriteEndObject();
        _json.WriteBoolean("tainted", function.IsTainted);
        Grants(function.Grants);
    }

    private void Write(DefaultPrivilege privilege)
    {
        _json.WriteString("forRole", privilege.ForRole);
        _json.WriteString("schema", privilege.Schema);
        _json.WriteString("objectType", privilege.ObjectType);
        _json.WriteString("privilege", privilege.Privilege);
        _json.WriteString("grantee", privilege.Grantee);
        _json.WriteBoolean("revoke", privilege.IsRevoke);
    }

    private void Grants(IReadOnlyList<Grant> grants)
    {
        _json.WriteStartObject("grants");
        foreach (var grantee in grants.GroupBy(static g => g.Grantee).OrderBy(static g => g.Key, StringComparer.Ordinal))
            Strings(grantee.Key, grantee.Select(static g => g.Privilege + (g.WithGrantOption ? "*" : "")).Order(StringComparer.Ordinal));
        _json.WriteEndObject();
    }

    private void Id(QualifiedId id)
    {
        _json.WriteString("schema", id.Schema);
        _json.WriteString("name", id.Name);
    }

    private void Known(string name, Fact<bool> fact)
    {
        if (fact.IsKnown)
            _json.WriteBoolean(name, fact.Value);
        else
            _json.WriteNull(name);
    }

    private void Array<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        _json.WriteStartArray(name);
        foreach (var item in items)
        {
            _json.WriteStartObject();
            write(item);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void Strings(string name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    private static List<T> Sorted<T>(IEnumerable<T> items, Func<T, string> key) => [.. items.OrderBy(key, StringComparer.Ordinal)];

    private static string? Action(ReferentialAction action) => action is ReferentialAction.Unspecified or ReferentialAction.NoAction ? null : Lower(action);

    // Enums by their names in camel case, as the properties are.
    private static string Lower<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string PlaceOf(Origin origin) => origin.Source is { } source ? Place.Of(new(source, origin.Span)).ToString() : origin.Description;
}

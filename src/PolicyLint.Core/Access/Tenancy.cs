using PolicyLint.Core.Catalog;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>The column that says whose a row is, and the condition under which the row is the session's own.</summary>
/// <param name="Column">The column.</param>
/// <param name="Goal">The tenancy condition over the table's columns: `user_id = auth.uid()`. Null where a column is a tenancy column by name but no session expression is known.</param>
/// <param name="IsInferred">Not configured.</param>
public sealed record TenantKey(Column Column, SqlFragment<Expression>? Goal, bool IsInferred);

/// <summary>Which tables hold rows of many users, by which columns.</summary>
public sealed class Tenancy
{
    private readonly ICatalog _catalog;
    private readonly PolicyLintOptions _options;
    private readonly TenancyInference? _inference;
    private readonly Dictionary<string, SqlFragment<Expression>?> _configured = new(StringComparer.Ordinal);
    private readonly Dictionary<QualifiedId, TenantTable> _tenantTables = [];

    private Tenancy(ICatalog catalog, PolicyLintOptions options)
    {
        _catalog = catalog;
        _options = options;
        foreach (var option in options.Tenancy)
            _configured[option.Column] = GoalOf(option);
        if (options.Tenancy.Count == 0)
            _inference = TenancyInference.Infer(catalog);
        ApplicationRoles = ResolveRoles(catalog, options);
        var alike = new Dictionary<SqlFragment<Expression>, List<SqlFragment<Expression>>>();
        foreach (var table in catalog.TablesInOrder())
        {
            var keys = KeysOf(table);
            if (keys.Count > 0)
                _tenantTables.Add(table.Id, new(table, keys, Shared(GoalsOf(keys), alike)));
        }
    }

    /// <summary>What was inferred, in words, in a stable order; empty where all is configured.</summary>
    public IReadOnlyList<string> Inferences => _inference?.Descriptions ?? [];

    /// <summary>Roles that the application uses, configured or by platform; `public` stands for PUBLIC.</summary>
    public IReadOnlyList<string> ApplicationRoles { get; }

    /// <summary>
    /// Tenancy as configured; where nothing is configured, inferred from column names (user_id, owner_id, tenant_id, org_id, …)
    /// and from what policies compare with the session.
    /// </summary>
    public static Tenancy Resolve(ICatalog catalog, PolicyLintOptions options) => new(catalog, options);

    /// <summary>The tenancy keys of a table, the strongest first; empty: not a tenant table.</summary>
    public IReadOnlyList<TenantKey> KeysOf(Table table)
    {
        if (table.IsForeignOwned)
            return [];
        if (_tenantTables.TryGetValue(table.Id, out var known) && ReferenceEquals(known.Table, table))
            return known.Keys;
        if (_inference is not null)
            return _inference.KeysOf(table);
        var keys = new List<TenantKey>();
        foreach (var option in _options.Tenancy)
        {
            if (table.FindColumn(option.Column) is { } column)
                keys.Add(new(column, _configured[option.Column], IsInferred: false));
        }
        return keys;
    }

    /// <summary>The conditions of the table's keys, those that are known.</summary>
    internal IReadOnlyList<SqlFragment<Expression>> GoalsOf(Table table) =>
        _tenantTables.TryGetValue(table.Id, out var known) && ReferenceEquals(known.Table, table) ? known.Goals : GoalsOf(KeysOf(table));

    /// <summary>
    /// A table with a tenancy column in an exposed schema (RULES: "tenant table"). Platform and extension tables are none.
    /// A table that was one at the end of the migrations stays one while a rollback takes it apart.
    /// </summary>
    public bool IsTenantTable(Table table) =>
        !table.IsForeignOwned && IsExposedSchema(table.Id.Schema) && (_tenantTables.ContainsKey(table.Id) || KeysOf(table).Count > 0);

    /// <summary>Whether an application role (or PUBLIC) may reach the relation at all, as far as grants and schemas are known. Unknown counts as reachable.</summary>
    public bool IsExposed(Relation relation)
    {
        if (relation.IsForeignOwned || !IsExposedSchema(relation.Id.Schema))
            return false;
        if (relation.IsAssumed || relation.Grants.Count == 0 || _catalog.Platform != "supabase")
            return true;
        foreach (var grant in relation.Grants)
        {
            if (grant.Grantee == "public" || Contains(ApplicationRoles, grant.Grantee))
                return true;
        }
        return false;
    }

    /// <summary>`auth.uid()`, `auth.jwt()`, `current_setting(…)` and their like: a call whose value is the session's, not the row's.</summary>
    public static bool IsSessionFunction(FunctionCall call) => SessionTerms.IsSessionFunction(call);

    /// <summary>
    /// Whether users may call the functions of the schema themselves, through the API of the platform: on Supabase those of public, and of
    /// the schemas that are configured. Elsewhere any schema that the application reaches.
    /// </summary>
    internal bool IsServedSchema(string schema) =>
        IsExposedSchema(schema) && (_catalog.Platform != "supabase" || _options.ExposedSchemas.Count > 0 || schema == "public");

    private bool IsExposedSchema(string schema)
    {
        if (_options.ExposedSchemas.Count > 0)
        {
            foreach (var pattern in _options.ExposedSchemas)
            {
                if (GlobPattern.IsMatch(pattern, schema))
                    return true;
            }
            return false;
        }
        return !_catalog.Schemas.TryGetValue(schema, out var known) || !known.IsForeignOwned || schema == "public";
    }

    private static List<SqlFragment<Expression>> GoalsOf(IReadOnlyList<TenantKey> keys)
    {
        var goals = new List<SqlFragment<Expression>>(keys.Count);
        foreach (var key in keys)
        {
            if (key.Goal is not null)
                goals.Add(key.Goal);
        }
        return goals;
    }

    // The same few conditions make the goals of thousands of tables.
    private static IReadOnlyList<SqlFragment<Expression>> Shared(List<SqlFragment<Expression>> goals, Dictionary<SqlFragment<Expression>, List<SqlFragment<Expression>>> alike)
    {
        if (goals.Count == 0)
            return [];
        if (!alike.TryGetValue(goals[0], out var known))
            alike.Add(goals[0], known = goals);
        return known.SequenceEqual(goals) ? known : goals;
    }

    private static SqlFragment<Expression>? GoalOf(TenancyOption option)
    {
        if (option.Is.Length == 0 && option.In.Length == 0)
            return null;
        return Parse(option.Is.Length > 0 ? $"{Quote(option.Column)} = ({option.Is})" : $"{Quote(option.Column)} IN ({option.In})");
    }

    internal static SqlFragment<Expression>? Parse(string text)
    {
        var source = new SourceText(text, "tenancy");
        return SqlParser.ParseExpression(source, out var error, SqlParseOptions.Bounded) is { } tree && error is null ? new(tree, source) : null;
    }

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";

    private static List<string> ResolveRoles(ICatalog catalog, PolicyLintOptions options)
    {
        if (options.ApplicationRoles.Count > 0)
            return [.. options.ApplicationRoles];
        if (catalog.Platform == "supabase")
            return ["anon", "authenticated"];
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        // Policies come in rows for the same roles, which then are one object.
        IReadOnlyList<string>? last = null;
        foreach (var table in catalog.TablesInOrder())
        {
            for (var i = 0; i < table.Policies.Count; i++)
            {
                if (ReferenceEquals(table.Policies[i].Roles, last))
                    continue;
                last = table.Policies[i].Roles;
                foreach (var role in last)
                    roles.Add(role);
            }
        }
        return roles.Count == 0 ? ["public"] : [.. roles];
    }

    private static bool Contains(IReadOnlyList<string> values, string value)
    {
        foreach (var candidate in values)
        {
            if (string.Equals(candidate, value, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>A tenant table as it is at the end, its keys and their conditions.</summary>
    private sealed class TenantTable(Table table, IReadOnlyList<TenantKey> keys, IReadOnlyList<SqlFragment<Expression>> goals)
    {
        public Table Table => table;

        public IReadOnlyList<TenantKey> Keys => keys;

        public IReadOnlyList<SqlFragment<Expression>> Goals => goals;
    }
}

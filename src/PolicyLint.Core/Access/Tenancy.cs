using PolicyLint.Core.Catalog;
using PolicyLint.Core.Options;
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
    private Tenancy()
    {
    }

    /// <summary>
    /// Tenancy as configured; where nothing is configured, inferred from column names (user_id, owner_id, tenant_id, org_id, …),
    /// from what policies compare with the session, and from foreign keys.
    /// </summary>
    public static Tenancy Resolve(ICatalog catalog, PolicyLintOptions options) => throw new NotImplementedException();

    /// <summary>What was inferred, in words, in a stable order; empty where all is configured.</summary>
    public IReadOnlyList<string> Inferences => throw new NotImplementedException();

    /// <summary>The tenancy keys of a table, the strongest first; empty: not a tenant table.</summary>
    public IReadOnlyList<TenantKey> KeysOf(Table table) => throw new NotImplementedException();

    /// <summary>A table with a tenancy column in an exposed schema (RULES: "tenant table"). Platform and extension tables are none.</summary>
    public bool IsTenantTable(Table table) => throw new NotImplementedException();

    /// <summary>Roles that the application uses, configured or by platform; `public` stands for PUBLIC.</summary>
    public IReadOnlyList<string> ApplicationRoles => throw new NotImplementedException();

    /// <summary>Whether an application role (or PUBLIC) may reach the relation at all, as far as grants and schemas are known. Unknown counts as reachable.</summary>
    public bool IsExposed(Relation relation) => throw new NotImplementedException();

    /// <summary>`auth.uid()`, `auth.jwt()`, `current_setting(…)` and their like: a call whose value is the session's, not the row's.</summary>
    public bool IsSessionFunction(FunctionCall call) => throw new NotImplementedException();
}

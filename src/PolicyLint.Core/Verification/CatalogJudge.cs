using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Verification;

/// <summary>What a catalog says of an expectation.</summary>
/// <param name="Holds">Null where the catalog does not know.</param>
/// <param name="Found">What it says, in words: also where the expectation holds.</param>
public sealed record CatalogAnswer(bool? Holds, string Found);

/// <summary>Judges the expectations that a catalog answers, a server's or one replayed from files.</summary>
public static class CatalogJudge
{
    private static readonly string[] s_tablePrivileges = ["delete", "insert", "references", "select", "trigger", "truncate", "update"];

    /// <summary>Whether it holds, and what was found.</summary>
    public static CatalogAnswer Judge(ICatalog catalog, CatalogExpectation expectation) => expectation switch
    {
        RelationExpected e => Presence(catalog.Relations.ContainsKey(e.Relation), e.Exists),
        RlsExpected e => OnTable(catalog, e.Table, table => Rls(table, e)),
        ColumnExpected e => OnRelation(catalog, e.Table, relation => Column(catalog, relation, e), absentHolds: !e.Exists),
        IndexExpected e => OnRelation(catalog, e.Table, relation => Index(catalog, relation, e), absentHolds: !e.Exists),
        ForeignKeyExpected e => OnTable(catalog, e.Table, table => ForeignKey(table, e), absentHolds: !e.Exists),
        FunctionExpected e => Functions(catalog, e),
        PolicyExpected e => OnTable(catalog, e.Table, table => Policy(catalog, table, e), absentHolds: !e.Exists),
        PolicyCountExpected e => OnTable(catalog, e.Table, table => PolicyCount(table, e), absentHolds: e.Count == 0),
        ViewExpected e => OnRelation(catalog, e.View, relation => View(relation, e)),
        TriggerExpected e => OnTable(catalog, e.Table, table => Trigger(table, e), absentHolds: !e.Exists),
        GrantsExpected e => OnRelation(catalog, e.Table, relation => Grants(catalog, relation, e)),
        NoBypassExpected e => NoBypass(catalog, e.Role),
        AllValidExpected e => AllValid(catalog, e.Schema),
        _ => new(null, "not an expectation of the catalog"),
    };

    private static CatalogAnswer Presence(bool isThere, bool expected) => new(isThere == expected, isThere ? "it exists" : "it does not exist");

    private static CatalogAnswer OnRelation(ICatalog catalog, QualifiedId id, Func<Relation, CatalogAnswer> judge, bool absentHolds = false) =>
        catalog.Relations.TryGetValue(id, out var relation) ? judge(relation) : new(absentHolds, $"{id} does not exist");

    private static CatalogAnswer OnTable(ICatalog catalog, QualifiedId id, Func<Table, CatalogAnswer> judge, bool absentHolds = false) =>
        OnRelation(catalog, id, relation => relation is Table table ? judge(table) : new(false, $"{id} is not a table"), absentHolds);

    private static CatalogAnswer Rls(Table table, RlsExpected e)
    {
        var enabled = table.RowSecurityEnabled;
        var forced = table.RowSecurityForced;
        var found = $"row-level security is {(enabled.Value ? "enabled" : "disabled")}{(forced.Value ? ", forced" : ", not forced")}";
        if (!enabled.IsKnown || (e.Forced is not null && !forced.IsKnown))
            return new(null, "a statement that could not be read may have changed it");
        return new(enabled.Value == e.Enabled && (e.Forced is null || forced.Value == e.Forced), found);
    }

    private static CatalogAnswer Column(ICatalog catalog, Relation relation, ColumnExpected e)
    {
        if (relation.FindColumn(e.Column) is not { } column)
            return new(!e.Exists, "there is no such column");
        if (!e.Exists)
            return new(false, "the column exists");
        var expression = column.Default is { } value && !column.IsGenerated ? value.ToString() : "none";
        var found = $"{(column.Type.Length > 0 ? column.Type : "of unknown type")}, {(column.IsNotNull.Value ? "not null" : "nullable")}, {(expression == "none" ? "without a default" : "default " + expression)}";
        var holds = (e.Type.Length == 0 || SameType(catalog, e.Type, column.Type))
            && (e.Nullable is null || e.Nullable == !column.IsNotNull.Value)
            && (e.Default.Length == 0 || SameExpression(catalog, relation, e.Default, expression == "none" ? null : column.Default));
        return new(holds, found);
    }

    private static CatalogAnswer Index(ICatalog catalog, Relation relation, IndexExpected e)
    {
        var indexes = relation switch { Table table => table.Indexes, View view => view.Indexes, _ => [] };
        var found = "there is none";
        foreach (var index in indexes)
        {
            if (e.Name.Length > 0 ? index.Name != e.Name : !BeginsWith(index, e.Columns))
                continue;
            found = Described(index);
            var fits = BeginsWith(index, e.Columns) && (e.Unique is null || e.Unique == index.IsUnique)
                && (e.Where.Length == 0 || SameExpression(catalog, relation, e.Where, index.Predicate));
            if (!e.Exists)
            {
                if (fits)
                    return new(false, found);
            }
            else if (fits && index.IsValid)
                return new(true, found);
        }
        return new(!e.Exists, found);
    }

    private static bool BeginsWith(TableIndex index, IReadOnlyList<string> columns)
    {
        if (index.Keys.Count < columns.Count)
            return false;
        for (var i = 0; i < columns.Count; i++)
        {
            if (index.Keys[i].Column != columns[i])
                return false;
        }
        return true;
    }

    private static string Described(TableIndex index)
    {
        var keys = string.Join(", ", index.Keys.Select(static key => key.Column ?? "(" + key.Expression + ")"));
        return $"{index.Name}: {(index.IsUnique ? "unique " : "")}({keys}){(index.Predicate is { } where ? " where " + where : "")}{(index.IsValid ? "" : ", not valid")}";
    }

    private static CatalogAnswer ForeignKey(Table table, ForeignKeyExpected e)
    {
        var found = "there is none";
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind != ConstraintKind.ForeignKey || !constraint.Columns.SequenceEqual(e.Columns, StringComparer.Ordinal))
                continue;
            found = $"{constraint.Name} to {constraint.ReferencedTable}, on delete {ExpectationWords.Of(constraint.OnDelete)}{(constraint.IsValidated ? "" : ", not validated")}";
            if (!e.Exists)
                return new(false, found);
            if ((e.References is null || e.References == constraint.ReferencedTable) && constraint.IsValidated
                && (e.OnDelete == ReferentialAction.Unspecified || ExpectationWords.Of(e.OnDelete) == ExpectationWords.Of(constraint.OnDelete)))
                return new(true, found);
        }
        return new(!e.Exists, found);
    }

    private static CatalogAnswer Functions(ICatalog catalog, FunctionExpected e)
    {
        if (!catalog.Functions.TryGetValue(e.Function, out var overloads) || overloads.Count == 0)
            return new(!e.Exists, "there is no such function");
        if (!e.Exists)
            return new(false, "the function exists");
        CatalogAnswer answer = new(true, "");
        foreach (var function in overloads)
        {
            answer = OneFunction(catalog, function, e);
            if (answer.Holds != true)
                return answer;
        }
        return answer;
    }

    private static CatalogAnswer OneFunction(ICatalog catalog, Function function, FunctionExpected e)
    {
        var hasPath = function.Settings.TryGetValue("search_path", out var path);
        var found = $"security {(function.IsSecurityDefiner ? "definer" : "invoker")}, {(hasPath ? $"search_path = '{path}'" : "no search_path")}, {VolatilityOf(function).ToString().ToLowerInvariant()}";
        if ((e.Definer is { } definer && definer != function.IsSecurityDefiner)
            || (e.SearchPath is { } expected && !(hasPath && (expected == "any" || SamePath(expected, path!))))
            || (e.Volatility != Volatility.Unspecified && e.Volatility != VolatilityOf(function)))
            return new(false, found);
        foreach (var role in e.Callable)
        {
            if (!MayExecute(catalog, function, role))
                return new(false, $"{role} may not execute it");
        }
        foreach (var role in e.NotCallable)
        {
            if (MayExecute(catalog, function, role))
                return new(false, $"{role} may execute it");
        }
        return new(true, found);
    }

    private static Volatility VolatilityOf(Function function) => function.Volatility == Volatility.Unspecified ? Volatility.Volatile : function.Volatility;

    private static bool SamePath(string left, string right) => Simplified(left) == Simplified(right);

    private static string Simplified(string path) => path.Replace(" ", "").Replace("\"", "").Replace("'", "");

    private static CatalogAnswer Policy(ICatalog catalog, Table table, PolicyExpected e)
    {
        foreach (var policy in table.Policies)
        {
            if (policy.Name != e.Name)
                continue;
            var found = $"{(policy.IsPermissive ? "permissive" : "restrictive")}, for {CommandOf(policy)}, to {string.Join(", ", policy.Roles)}, using ({policy.Using?.ToString() ?? "none"}), with check ({policy.WithCheck?.ToString() ?? "none"})";
            if (!e.Exists)
                return new(false, "the policy exists");
            if (policy.IsTainted)
                return new(null, "a statement that could not be read may have changed it");
            var holds = (e.Command.Length == 0 || e.Command == CommandOf(policy))
                && (e.Roles.Count == 0 || new HashSet<string>(e.Roles, StringComparer.Ordinal).SetEquals(policy.Roles))
                && (e.Permissive is null || e.Permissive == policy.IsPermissive)
                && (e.Using.Length == 0 || SameExpression(catalog, table, e.Using, policy.Using))
                && (e.Check.Length == 0 || SameExpression(catalog, table, e.Check, policy.WithCheck));
            return new(holds, found);
        }
        return new(!e.Exists, "there is no such policy");
    }

    private static string CommandOf(Policy policy) => policy.Command.ToString().ToLowerInvariant();

    private static CatalogAnswer PolicyCount(Table table, PolicyCountExpected e)
    {
        var names = new List<string>();
        foreach (var policy in table.Policies)
        {
            if ((e.Like.Length == 0 || LikePattern.Matches(e.Like, policy.Name)) && (e.Command.Length == 0 || e.Command == CommandOf(policy)))
                names.Add(policy.Name);
        }
        names.Sort(StringComparer.Ordinal);
        return new(names.Count == e.Count, names.Count == 0 ? "none" : $"{names.Count}: {string.Join(", ", names)}");
    }

    private static CatalogAnswer View(Relation relation, ViewExpected e) => relation is not View view
        ? new(false, $"{relation.Id} is not a view")
        : new(view.SecurityInvoker.IsKnown ? view.SecurityInvoker.Value == e.Invoker : null, $"it runs with the rights of {(view.SecurityInvoker.Value ? "its caller" : "its owner")}");

    private static CatalogAnswer Trigger(Table table, TriggerExpected e)
    {
        foreach (var trigger in table.Triggers)
        {
            if (trigger.Name == e.Name)
                return new(e.Exists && trigger.IsEnabled, trigger.IsEnabled ? "it is there and enabled" : "it is disabled");
        }
        return new(!e.Exists, "there is no such trigger");
    }

    private static CatalogAnswer Grants(ICatalog catalog, Relation relation, GrantsExpected e)
    {
        if (!catalog.Roles.TryGetValue(e.Role, out var role) && e.Role != "public")
            return new(false, $"there is no role {e.Role}");
        var held = new SortedSet<string>(StringComparer.Ordinal);
        var heldRoles = HeldRoles(catalog, e.Role);
        if (role is { IsSuperuser: true } || (relation.Owner is { } owner && heldRoles.Contains(owner)))
            held.UnionWith(s_tablePrivileges);
        foreach (var grant in relation.Grants)
        {
            if (heldRoles.Contains(grant.Grantee) && Array.IndexOf(s_tablePrivileges, grant.Privilege) >= 0)
                held.Add(grant.Privilege);
        }
        return new(held.SetEquals(e.Privileges), held.Count == 0 ? "none" : string.Join(", ", held));
    }

    private static bool MayExecute(ICatalog catalog, Function function, string role)
    {
        var roles = HeldRoles(catalog, role);
        if ((catalog.Roles.TryGetValue(role, out var known) && known.IsSuperuser) || (function.Owner is { } owner && roles.Contains(owner)))
            return true;
        foreach (var grant in function.Grants)
        {
            if (grant.Privilege == "execute" && roles.Contains(grant.Grantee))
                return true;
        }
        return false;
    }

    private static CatalogAnswer NoBypass(ICatalog catalog, string name)
    {
        if (!catalog.Roles.ContainsKey(name))
            return new(false, "there is no such role");
        var held = HeldRoles(catalog, name);
        foreach (var role in held.OrderBy(static role => role, StringComparer.Ordinal))
        {
            var via = role == name ? "it" : $"it is a member of {role}, which";
            if (catalog.Roles.TryGetValue(role, out var known) && (known.IsSuperuser || known.BypassesRowSecurity))
                return new(false, known.IsSuperuser ? via + " is a superuser" : via + " has BYPASSRLS");
        }
        foreach (var table in catalog.TablesInOrder())
        {
            if (table is { IsForeignOwned: false, RowSecurityEnabled.Value: true, RowSecurityForced.Value: false, Owner: { } owner } && held.Contains(owner))
                return new(false, $"it owns {table.Id}, where row-level security is not forced");
        }
        return new(true, "it is no superuser, has no BYPASSRLS and owns no table without forced row-level security");
    }

    // The role, PUBLIC, and every role whose rights it has: SET ROLE reaches those that are not inherited.
    private static HashSet<string> HeldRoles(ICatalog catalog, string name)
    {
        var held = new HashSet<string>(StringComparer.Ordinal) { name, "public" };
        var open = new Stack<string>([name]);
        while (open.Count > 0)
        {
            if (!catalog.Roles.TryGetValue(open.Pop(), out var role))
                continue;
            foreach (var membership in role.MemberOf)
            {
                if (held.Add(membership.Role))
                    open.Push(membership.Role);
            }
        }
        return held;
    }

    private static CatalogAnswer AllValid(ICatalog catalog, string schema)
    {
        var wrong = new List<string>();
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.Id.Schema != schema)
                continue;
            foreach (var index in table.Indexes)
            {
                if (!index.IsValid)
                    wrong.Add($"the index {index.Name} of {table.Id} is not valid");
            }
            foreach (var constraint in table.Constraints)
            {
                if (!constraint.IsValidated)
                    wrong.Add($"the constraint {constraint.Name} of {table.Id} is not validated");
            }
        }
        return new(wrong.Count == 0, wrong.Count == 0 ? "all are" : string.Join("; ", wrong));
    }

    private static bool SameType(ICatalog catalog, string written, string printed)
    {
        if (string.Equals(written, printed, StringComparison.OrdinalIgnoreCase))
            return true;
        return SqlParser.ParseExpression(new SourceText($"null::{written}"), out var error) is CastExpression cast && error is null
            && string.Equals(new TypeNames(new CatalogState(catalog.Platform, catalog.SearchPath)).OfColumn(cast.Type), printed, StringComparison.Ordinal);
    }

    private static bool SameExpression(ICatalog catalog, Relation over, string written, SqlFragment<Expression>? held)
    {
        if (written == "none" || held is null)
            return written == "none" && held is null;
        return SqlParser.ParseExpression(new SourceText(written), out var error) is { } tree && error is null
            && ExpressionNormalForm.Print(catalog, over, tree) == ExpressionNormalForm.Print(catalog, over, held.Tree);
    }
}

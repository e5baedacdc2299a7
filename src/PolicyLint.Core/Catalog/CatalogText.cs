using System.Text;

namespace PolicyLint.Core.Catalog;

/// <summary>A catalog as text: one line an object or part of one, in an order that depends on names alone.</summary>
public static class CatalogText
{
    /// <summary>Prints what the project made; with <paramref name="includeForeign"/> the platform's objects, too.</summary>
    public static string Print(ICatalog catalog, bool includeForeign = false)
    {
        var text = new StringBuilder();
        foreach (var schema in InOrder(catalog.Schemas.Values, static s => s.Name))
        {
            if (includeForeign || !schema.IsForeignOwned)
                Line(text, 0, "schema " + schema.Name + Flag(schema.IsAssumed, "assumed") + Grants(schema.Grants));
        }
        foreach (var role in InOrder(catalog.Roles.Values, static r => r.Name))
        {
            if (includeForeign || !role.IsForeignOwned)
                Print(text, role);
        }
        foreach (var type in InOrder(catalog.Types.Values, static t => t.Id.ToString()))
        {
            if (includeForeign || !type.IsForeignOwned)
                Print(text, type);
        }
        foreach (var relation in InOrder(catalog.Relations.Values, static r => r.Id.ToString()))
        {
            if (includeForeign || !relation.IsForeignOwned || HasProjectParts(relation))
                Print(text, relation);
        }
        foreach (var pair in InOrder(catalog.Functions, static f => f.Key.ToString()))
        {
            foreach (var function in pair.Value)
            {
                if (includeForeign || !function.IsForeignOwned)
                    Print(text, function);
            }
        }
        foreach (var privilege in catalog.DefaultPrivileges)
        {
            if (includeForeign || privilege.Origin.Source is not null)
                Print(text, privilege);
        }
        foreach (var unknown in catalog.UnknownEffects)
            Line(text, 0, "unknown effect" + Place(unknown));
        return text.ToString();
    }

    private static bool HasProjectParts(Relation relation)
    {
        if (relation is not Table table)
            return false;
        foreach (var policy in table.Policies)
        {
            if (policy.CreatedAt.Source is not null)
                return true;
        }
        return false;
    }

    private static List<T> InOrder<T>(IEnumerable<T> items, Func<T, string> key)
    {
        var list = new List<T>(items);
        list.Sort((a, b) => string.CompareOrdinal(key(a), key(b)));
        return list;
    }

    private static void Print(StringBuilder text, Role role)
    {
        Line(
            text, 0,
            "role " + role.Name + Flag(role.IsAssumed, "assumed") + Flag(role.IsSuperuser, "superuser") + Flag(role.BypassesRowSecurity, "bypassrls")
            + Flag(role.CanLogin, "login") + Flag(!role.Inherits, "noinherit"));
        foreach (var membership in role.MemberOf)
            Line(text, 1, "member of " + membership.Role + Flag(!membership.Inherits, "noinherit") + Flag(membership.WithAdmin, "admin"));
    }

    private static void Print(StringBuilder text, UserType type)
    {
        Line(text, 0, type.Kind.ToString().ToLowerInvariant() + " " + type.Id + (type.BaseType.Length > 0 ? " " + type.BaseType : "") + List(" (", type.Labels, ")"));
        foreach (var attribute in type.Attributes)
            Line(text, 1, attribute.Name + " " + attribute.Type);
    }

    private static void Print(StringBuilder text, Relation relation)
    {
        switch (relation)
        {
            case Table table:
                Print(text, table);
                break;
            case View view:
                Line(
                    text, 0,
                    (view.IsMaterialized ? "materialized view " : "view ") + view.Id + Flag(view.SecurityInvoker.Value, "security_invoker")
                    + Flag(view.SecurityBarrier.Value, "security_barrier") + Common(view));
                PrintColumns(text, view);
                foreach (var index in InOrder(view.Indexes, static i => i.Name))
                    Print(text, index);
                if (view.Query is { } query)
                    Line(text, 1, "as " + query);
                break;
            default:
                Line(text, 0, "sequence " + relation.Id + Common(relation));
                break;
        }
    }

    private static void Print(StringBuilder text, Table table)
    {
        Line(
            text, 0,
            (table.Kind == TableKind.Partitioned ? "partitioned table " : table.Kind == TableKind.Foreign ? "foreign table " : "table ") + table.Id
            + Security(table.RowSecurityEnabled, "rls") + Security(table.RowSecurityForced, "forced")
            + (table.PartitionOf is { } parent ? " partition of " + parent : "") + Common(table));
        PrintColumns(text, table);
        foreach (var constraint in InOrder(table.Constraints, static c => c.Name))
            Print(text, constraint);
        foreach (var index in InOrder(table.Indexes, static i => i.Name))
            Print(text, index);
        foreach (var policy in InOrder(table.Policies, static p => p.Name))
            Print(text, policy);
        foreach (var trigger in InOrder(table.Triggers, static t => t.Name))
            Line(text, 1, "trigger " + trigger.Name + " " + trigger.Function + Flag(!trigger.IsEnabled, "disabled"));
    }

    private static string Security(Fact<bool> fact, string word) => fact.IsKnown ? fact.Value ? " " + word : "" : " " + word + "?";

    private static string Common(Relation relation) =>
        Flag(relation.IsAssumed, "assumed") + Flag(relation.Taints.Count > 0, "tainted") + Flag(!relation.AreColumnsKnown, "columns?")
        + (relation.Owner is null or "postgres" ? "" : " owner " + relation.Owner) + Grants(relation.Grants);

    private static void PrintColumns(StringBuilder text, Relation relation)
    {
        foreach (var column in relation.Columns)
        {
            Line(
                text, 1,
                column.Name + " " + (column.Type.Length == 0 ? "?" : column.Type) + (column.IsNotNull.IsKnown ? Flag(column.IsNotNull.Value, "not null") : " null?")
                + Flag(column.IsIdentity, "identity")
                + (column.Default is null ? "" : column.IsGenerated ? " generated " + column.Default : " default " + column.Default) + Grants(column.Grants));
        }
    }

    private static void Print(StringBuilder text, TableConstraint constraint)
    {
        var kind = constraint.Kind switch
        {
            ConstraintKind.PrimaryKey => "primary key",
            ConstraintKind.ForeignKey => "foreign key",
            _ => constraint.Kind.ToString().ToLowerInvariant(),
        };
        Line(
            text, 1,
            kind + " " + constraint.Name + List(" (", constraint.Columns, ")")
            + (constraint.ReferencedTable is { } table ? " references " + table + List(" (", constraint.ReferencedColumns, ")") : "")
            + (constraint.OnDelete is Sql.Tree.ReferentialAction.NoAction or Sql.Tree.ReferentialAction.Unspecified ? "" : " on delete " + Words(constraint.OnDelete.ToString()))
            + (constraint.OnUpdate is Sql.Tree.ReferentialAction.NoAction or Sql.Tree.ReferentialAction.Unspecified ? "" : " on update " + Words(constraint.OnUpdate.ToString()))
            + (constraint.Condition is { } condition ? " " + condition : "") + Flag(!constraint.IsValidated, "not valid"));
    }

    private static string Words(string pascal)
    {
        var text = new StringBuilder();
        foreach (var c in pascal)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append(' ');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    private static void Print(StringBuilder text, TableIndex index)
    {
        if (index.Constraint is not null)
            return;
        var keys = new string[index.Keys.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = index.Keys[i].Column ?? index.Keys[i].Expression?.ToString() ?? "?";
        Line(
            text, 1,
            (index.IsUnique ? "unique index " : "index ") + index.Name + (index.Method == "btree" ? "" : " using " + index.Method) + List(" (", keys, ")")
            + List(" include (", index.Include, ")") + (index.Predicate is { } predicate ? " where " + predicate : ""));
    }

    private static void Print(StringBuilder text, Policy policy) => Line(
        text, 1,
        "policy " + policy.Name + Flag(!policy.IsPermissive, "restrictive") + " for " + policy.Command.ToString().ToLowerInvariant() + List(" to ", policy.Roles, "")
        + (policy.Using is { } condition ? " using (" + condition + ")" : "") + (policy.WithCheck is { } check ? " with check (" + check + ")" : "")
        + Flag(policy.IsTainted, "tainted"));

    private static void Print(StringBuilder text, Function function)
    {
        var parameters = new List<string>();
        foreach (var parameter in function.Parameters)
        {
            var mode = parameter.Mode == Sql.Tree.ParameterMode.In ? "" : parameter.Mode.ToString().ToLowerInvariant() + " ";
            parameters.Add((mode + parameter.Name + " " + parameter.Type).Trim());
        }
        var settings = new StringBuilder();
        foreach (var setting in InOrder(function.Settings, static s => s.Key))
            settings.Append(" set ").Append(setting.Key).Append(" = '").Append(setting.Value).Append('\'');
        Line(
            text, 0,
            (function.IsProcedure ? "procedure " : "function ") + function.Id + "(" + string.Join(", ", parameters) + ")"
            + (function.Returns.Length > 0 ? " returns " + function.Returns : "") + " language " + function.Language + " " + function.Volatility.ToString().ToLowerInvariant()
            + Flag(function.IsSecurityDefiner, "definer") + Flag(function.IsStrict, "strict") + Flag(function.IsLeakproof, "leakproof") + settings
            + Flag(function.IsAssumed, "assumed") + Flag(function.IsTainted, "tainted")
            + (function.Owner is null or "postgres" ? "" : " owner " + function.Owner) + Grants(function.Grants));
    }

    private static void Print(StringBuilder text, DefaultPrivilege privilege) => Line(
        text, 0,
        "default " + (privilege.IsRevoke ? "revoke " : "grant ") + privilege.Privilege + " on " + privilege.ObjectType + (privilege.Schema is null ? "" : " in " + privilege.Schema)
        + " to " + privilege.Grantee + (privilege.ForRole is null ? "" : " for " + privilege.ForRole));

    private static string Grants(IReadOnlyList<Grant> grants)
    {
        if (grants.Count == 0)
            return "";
        var byGrantee = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var grant in grants)
        {
            if (!byGrantee.TryGetValue(grant.Grantee, out var privileges))
                byGrantee.Add(grant.Grantee, privileges = []);
            privileges.Add(grant.Privilege + (grant.WithGrantOption ? "*" : ""));
        }
        var text = new StringBuilder(" [");
        foreach (var pair in byGrantee)
        {
            pair.Value.Sort(string.CompareOrdinal);
            if (text.Length > 2)
                text.Append("; ");
            text.Append(pair.Key).Append('=').Append(string.Join(",", pair.Value));
        }
        return text.Append(']').ToString();
    }

    private static string Place(Origin origin) => origin.Source is { } source
        ? " at " + source.Path + ":" + (source.GetPosition(origin.Span.Start).Line + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : " of " + origin.Description;

    private static string Flag(bool isSet, string word) => isSet ? " " + word : "";

    private static string List(string before, IReadOnlyList<string> items, string after) => items.Count == 0 ? "" : before + string.Join(", ", items) + after;

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');
}

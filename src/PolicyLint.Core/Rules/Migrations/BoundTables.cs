using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;

namespace PolicyLint.Core.Rules.Migrations;

/// <summary>Tables whose row-level security binds the role that runs a migration.</summary>
internal static class BoundTables
{
    /// <summary>
    /// Certain enough to report. Who runs migrations no file says: their owner is bound where row-level security is forced, unless it is a
    /// superuser or has BYPASSRLS, as on Supabase and wherever the migrations make such a role themselves.
    /// </summary>
    public static bool IsBound(StatementRuleContext context, Table table)
    {
        if (context.Step.Script.Role == ScriptRole.Query || table.IsAssumed || table.IsForeignOwned || table.Taints.Count > 0)
            return false;
        if (table.RowSecurityEnabled is not { Value: true, IsKnown: true })
            return false;
        if (context.Step.Session.ChosenRole is { } role)
            return context.Catalog.Roles.TryGetValue(role, out var known) && !known.IsAssumed && context.Access.Binds(table, role);
        return context.Catalog.Platform == "plain" && table.RowSecurityForced is { Value: true, IsKnown: true } && !MakesRolesThatPass(context.Catalog);
    }

    // Only a role that passes row-level security itself may make another that does (CREATE ROLE, BYPASSRLS and SUPERUSER).
    private static bool MakesRolesThatPass(ICatalog catalog)
    {
        foreach (var role in catalog.Roles.Values)
        {
            if (!role.IsForeignOwned && (role.IsSuperuser || role.BypassesRowSecurity))
                return true;
        }
        return false;
    }
}

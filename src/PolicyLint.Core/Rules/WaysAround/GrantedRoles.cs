using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Rules.WaysAround;

/// <summary>What a grant means beside the platform's own grants and the roles that there are.</summary>
internal static class GrantedRoles
{
    /// <summary>The platform gives every new table that privilege: a statement that says it again opens nothing.</summary>
    public static bool IsPlatformDefault(ICatalog catalog, Grant grant, Relation relation)
    {
        if (catalog.Platform != "supabase")
            return false;
        foreach (var privilege in catalog.DefaultPrivileges)
        {
            if (!privilege.IsRevoke && privilege.ObjectType == "tables" && privilege.Grantee == grant.Grantee && privilege.Privilege == grant.Privilege
                && (privilege.Schema is null || privilege.Schema == relation.Id.Schema))
                return true;
        }
        return false;
    }

    /// <summary>Row-level security binds the role: PUBLIC, or one that is neither superuser nor BYPASSRLS.</summary>
    public static bool IsBound(ICatalog catalog, string role) =>
        role == "public" || !catalog.Roles.TryGetValue(role, out var known) || !(known.IsSuperuser || known.BypassesRowSecurity);
}

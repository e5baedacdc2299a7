using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class RoleBypassesRls : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4006",
        Name = "role-bypasses-rls",
        Severity = Severity.Error,
        Title = "Role of the application that row-level security does not bind",
        What = "Reports a role of the application (configured under `roles`, the platform's API roles, or one that a policy ties to the session) which is a superuser, has BYPASSRLS, is a member of a role that is or has, or owns tenant tables whose row-level security is not forced.",
        Why = "For such a role PostgreSQL evaluates no policy at all. Every test of the policies as another role passes, and the application reads everybody's rows.",
        Fix = "`ALTER ROLE … NOSUPERUSER NOBYPASSRLS`, revoke the membership, or connect as a role that owns nothing; where the owner must be used, FORCE ROW LEVEL SECURITY.",
        Bad = """
            create role app login bypassrls;
            -- ^^^ PL4006: app has BYPASSRLS
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Good = """
            create role app login;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies: superusers, BYPASSRLS and owners", "pgrls SEC016, SEC023, SEC029"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var name in ApplicationRoles(context))
        {
            if (!context.Catalog.Roles.TryGetValue(name, out var role) || role.IsAssumed)
                continue;
            if (role.IsSuperuser || role.BypassesRowSecurity)
                Report(context, role, Location.Of(role.CreatedAt), role.IsSuperuser ? "is a superuser" : "has BYPASSRLS");
            else if (BypassingMembership(context.Catalog, role, 0) is { } membership)
                Report(context, role, Location.Of(membership.Origin), $"is a member of {membership.Role}, which bypasses row-level security");
            else if (OwnedTables(context, role) is { Count: > 0 } owned)
                Report(context, role, Location.Of(owned[0].CreatedAt), $"owns {owned[0].Id}{(owned.Count > 1 ? $" and {owned.Count - 1} more tenant tables" : "")}, whose row-level security is not forced");
        }
    }

    private void Report(CatalogRuleContext context, Role role, Location location, string what) =>
        context.Report(this, location, role.Name, $"{role.Name} {what}: no policy binds the application");

    private static SortedSet<string> ApplicationRoles(CatalogRuleContext context)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        if (context.Options.ApplicationRoles.Count > 0 || context.Catalog.Platform == "supabase")
        {
            foreach (var role in context.Tenancy.ApplicationRoles)
                roles.Add(role);
            return roles;
        }
        // A policy that asks the session is for the application; `to admin using (true)` is for somebody else.
        foreach (var table in context.FirstOfEachKind(context.KnownTables))
        {
            foreach (var policy in table.Policies)
            {
                if ((policy.Using is null || !SessionTerms.Contains(policy.Using.Tree)) && (policy.WithCheck is null || !SessionTerms.Contains(policy.WithCheck.Tree)))
                    continue;
                foreach (var role in policy.Roles)
                    roles.Add(role);
            }
        }
        return roles;
    }

    // Without INHERIT, too: SET ROLE is all that it takes.
    private static Membership? BypassingMembership(ICatalog catalog, Role role, int depth)
    {
        foreach (var membership in role.MemberOf)
        {
            if (!catalog.Roles.TryGetValue(membership.Role, out var group) || depth > 16)
                continue;
            if (group.IsSuperuser || group.BypassesRowSecurity || BypassingMembership(catalog, group, depth + 1) is not null)
                return membership;
        }
        return null;
    }

    // Who owns the tables is only taken for the application where the configuration says so.
    private static List<Table> OwnedTables(CatalogRuleContext context, Role role)
    {
        var owned = new List<Table>();
        if (context.Options.ApplicationRoles.Count == 0)
            return owned;
        foreach (var table in context.KnownTables)
        {
            if (table.Owner == role.Name && table.RowSecurityEnabled.Value && table.RowSecurityForced is { Value: false, IsKnown: true } && context.Tenancy.IsTenantTable(table))
                owned.Add(table);
        }
        return owned;
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class RlsNotForced : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1002",
        Name = "rls-not-forced",
        Severity = Severity.Warning,
        Title = "Row-level security that does not bind the table's owner",
        What = "Reports a tenant table whose row-level security is enabled and not forced, where the application connects as the owner or that is not known. Say with `roles` in `policylint.yml` which roles the application uses; on Supabase these are `anon` and `authenticated`, which own nothing.",
        Why = "Policies do not apply to a table's owner unless they are forced. An application that connects as the role that ran the migrations passes them all by.",
        Fix = "`ALTER TABLE … FORCE ROW LEVEL SECURITY`, or connect as a role that does not own the tables and name it under `roles`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            -- ^^^ PL1002: Row-level security of public.notes is not forced
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["PostgreSQL manual, ALTER TABLE, FORCE ROW LEVEL SECURITY", "pgrls SEC002"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var table in context.Tables)
        {
            if (table.IsAssumed || table.Taints.Count > 0 || !context.Tenancy.IsTenantTable(table))
                continue;
            if (!table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown || table.RowSecurityForced.Value || !table.RowSecurityForced.IsKnown)
                continue;
            if (!MayBeOwner(context, table))
                continue;
            RelatedLocation[] related = table.RowSecurityEnabled.Origin.Source is null ? [] : [new(Location.Of(table.RowSecurityEnabled.Origin), "row-level security is enabled here")];
            context.Report(this, Location.Of(table.CreatedAt), table.Id.ToString(), $"Row-level security of {table.Id} is not forced: it does not bind the owner", related);
        }
    }

    private static bool MayBeOwner(CatalogRuleContext context, Table table)
    {
        if (context.Options.ApplicationRoles.Count == 0)
            return context.Catalog.Platform != "supabase";
        foreach (var role in context.Options.ApplicationRoles)
        {
            if (table.Owner is null || role == table.Owner || IsMemberOf(context.Catalog, role, table.Owner, 0))
                return true;
        }
        return false;
    }

    private static bool IsMemberOf(ICatalog catalog, string role, string owner, int depth)
    {
        if (depth > 16 || !catalog.Roles.TryGetValue(role, out var known))
            return false;
        foreach (var membership in known.MemberOf)
        {
            if (membership.Role == owner || IsMemberOf(catalog, membership.Role, owner, depth + 1))
                return true;
        }
        return false;
    }
}

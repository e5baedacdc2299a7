using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class PartitionWithoutRls : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1010",
        Name = "partition-without-rls",
        Severity = Severity.Error,
        Title = "Partition or child table that is read past its parent's policies",
        What = "Reports a partition or an INHERITS child without row-level security whose parent has it, where a role of the application may name the child itself: it holds a grant, or nothing is granted on the parent either and the application connects as the owner for all that is known.",
        Why = "Policies belong to the table that a query names. Through the parent they hold; `SELECT … FROM measurements_2026` never sees them.",
        Fix = "`ALTER TABLE … ENABLE ROW LEVEL SECURITY` (and FORCE) on each child, with no policy: the rows stay reachable through the parent alone. Or `REVOKE ALL` on the children.",
        Bad = """
            create table public.events (user_id uuid not null, at timestamptz not null) partition by range (at);
            create index on public.events (user_id);
            create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
            -- ^^^ PL1010: public.events_2026 holds rows of public.events and has no row-level security
            alter table public.events enable row level security;
            create policy own on public.events for select to authenticated using (user_id = (select auth.uid()));
            """,
        Good = """
            create table public.events (user_id uuid not null, at timestamptz not null) partition by range (at);
            create index on public.events (user_id);
            create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
            alter table public.events_2026 enable row level security;
            alter table public.events enable row level security;
            create policy own on public.events for select to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies", "pgrls SEC041, SEC043"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var child in context.KnownTables)
        {
            if (child.RowSecurityEnabled.Value || !child.RowSecurityEnabled.IsKnown || !context.Tenancy.IsExposed(child))
                continue;
            if (GuardedParent(context.Catalog, child) is not { } parent || !MayBeNamed(context, parent, child))
                continue;
            context.Report(
                this, Location.Of(child.CreatedAt), child.Id.ToString(),
                $"{child.Id} holds rows of {parent.Id} and has no row-level security: a query that names it passes the parent's policies by",
                [new(Location.Of(parent.RowSecurityEnabled.Origin), "the parent's row-level security is enabled here")]);
        }
    }

    private static Table? GuardedParent(ICatalog catalog, Table child)
    {
        var parents = child.PartitionOf is { } partitioned ? [partitioned] : child.Inherits;
        foreach (var id in parents)
        {
            if (!catalog.Relations.TryGetValue(id, out var relation) || relation is not Table parent || parent.Taints.Count > 0)
                continue;
            if (parent.RowSecurityEnabled is { Value: true, IsKnown: true })
                return parent;
            // Partitions of partitions: the table at the top is the one with the policies.
            if (GuardedParent(catalog, parent) is { } above)
                return above;
        }
        return null;
    }

    private static bool MayBeNamed(CatalogRuleContext context, Table parent, Table child)
    {
        if (IsGrantedToOthers(context.Catalog, child))
            return true;
        return context.Options.ApplicationRoles.Count == 0 && context.Catalog.Platform == "plain" && !IsGrantedToOthers(context.Catalog, parent);
    }

    private static bool IsGrantedToOthers(ICatalog catalog, Table table)
    {
        foreach (var grant in table.Grants)
        {
            if (grant.Grantee != table.Owner && grant.Privilege is "select" or "insert" or "update" or "delete"
                && !(catalog.Roles.TryGetValue(grant.Grantee, out var role) && (role.IsSuperuser || role.BypassesRowSecurity)))
                return true;
        }
        return false;
    }
}

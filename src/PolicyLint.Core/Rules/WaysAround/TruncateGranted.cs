using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class TruncateGranted : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4009",
        Name = "truncate-or-references-granted",
        Severity = Severity.Warning,
        Title = "Privilege that row-level security does not limit",
        What = "Reports TRUNCATE or REFERENCES on tenant tables with row-level security, granted to a role that it binds; `GRANT ALL` holds both. One finding a statement. What Supabase grants on every new table is left alone: its API runs neither.",
        Why = "TRUNCATE empties the table whatever the policies say. A role with REFERENCES learns from a foreign key which keys exist, other tenants' included.",
        Fix = "Grant what the application runs: `GRANT SELECT, INSERT, UPDATE, DELETE`.",
        Bad = """
            create role app;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
            grant all on public.notes to app;
            -- ^^^ PL4009: app may TRUNCATE public.notes
            """,
        Good = """
            create role app;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
            grant select, insert, update, delete on public.notes to app;
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies: TRUNCATE and REFERENCES are not subject to row security", "pgrls SEC047", "rls-doctor"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var tables = new List<Granted>();
        foreach (var table in context.KnownTables)
        {
            if (!table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown || !context.Tenancy.IsTenantTable(table) || context.Options.IsExempt(Info.Id, table.Id.ToString()))
                continue;
            foreach (var role in Grantees(context.Catalog, table))
                Note(tables, table, role.Truncate ?? role.References!, role.Truncate is not null);
        }
        foreach (var (place, role, isTruncate, granted) in tables)
        {
            var more = granted.Count > 1 ? $" and {granted.Count - 1} more tenant tables" : "";
            context.Report(
                this, place, $"{granted[0].Id}/{role}",
                isTruncate
                    ? $"{role} may TRUNCATE {granted[0].Id}{more}, which no policy prevents"
                    : $"{role} may refer to {granted[0].Id}{more} with a foreign key, which shows the keys that policies hide");
        }
    }

    private static List<(Grant? Truncate, Grant? References)> Grantees(ICatalog catalog, Table table)
    {
        var byRole = new SortedDictionary<string, (Grant? Truncate, Grant? References)>(StringComparer.Ordinal);
        foreach (var grant in table.Grants)
        {
            if (grant.Privilege is not ("truncate" or "references") || grant.Grantee == table.Owner || !GrantedRoles.IsBound(catalog, grant.Grantee) || GrantedRoles.IsPlatformDefault(catalog, grant, table))
                continue;
            if (catalog.Roles.TryGetValue(grant.Grantee, out var role) && role.IsForeignOwned && grant.Grantee is not ("anon" or "authenticated"))
                continue;
            byRole.TryGetValue(grant.Grantee, out var known);
            byRole[grant.Grantee] = grant.Privilege == "truncate" ? (grant, known.References) : (known.Truncate, grant);
        }
        return [.. byRole.Values];
    }

    private static void Note(List<Granted> all, Table table, Grant grant, bool isTruncate)
    {
        // A live grant has no statement: its place is the table.
        var place = grant.Origin.Source is null ? Location.Of(table.CreatedAt) : Location.Of(grant.Origin);
        foreach (var entry in all)
        {
            if (entry.Role == grant.Grantee && entry.IsTruncate == isTruncate && entry.Place == place)
            {
                entry.Tables.Add(table);
                return;
            }
        }
        all.Add(new(place, grant.Grantee, isTruncate, [table]));
    }

    private sealed record Granted(Location Place, string Role, bool IsTruncate, List<Table> Tables);
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class ExposedWithoutRls : CatalogRule
{
    private static readonly string[] Reads = ["select"];
    private static readonly string[] Writes = ["insert", "update", "delete"];

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1011",
        Name = "exposed-without-rls",
        Severity = Severity.Warning,
        Title = "Table that an API role may write and no row-level security guards",
        What = "Reports a table without row-level security in a schema that an API serves (Supabase's, or one listed under `schemas`) which a role of the application may insert into, update or delete from. Tables with a tenancy column are PL1001's. A table that those roles may only read is left alone: someone took the rest away. A foreign table is reported where they may read it, because row-level security cannot be enabled on one.",
        Why = "On Supabase a new table in public is granted to `anon` and `authenticated` as a whole. Without row-level security anyone with the public key rewrites it: prices, feature flags, roles. A foreign table hands every row of the server behind it to whoever may read it.",
        Fix = "`ALTER TABLE … ENABLE ROW LEVEL SECURITY`, with a policy for SELECT where the rows are public; or `REVOKE INSERT, UPDATE, DELETE … FROM anon, authenticated`. `REVOKE ALL` on a foreign table, and read it through a function or a view that filters by the session.",
        Bad = """
            create table public.plans (id int primary key, price numeric not null);
            -- ^^^ PL1011: authenticated may insert into, update and delete from public.plans
            grant select on public.plans to authenticated;
            revoke all on public.plans from anon;
            create extension postgres_fdw with schema extensions;
            create server billing foreign data wrapper postgres_fdw;
            create foreign table public.invoices (id int, user_id uuid) server billing;
            -- ^^^ PL1011: authenticated may select from public.invoices
            revoke all on public.invoices from anon, authenticated;
            grant select on public.invoices to authenticated;
            """,
        Good = """
            create table public.plans (id int primary key, price numeric not null);
            revoke insert, update, delete on public.plans from anon, authenticated;
            """,
        Sources = ["splinter 0013, 0017", "pgrls SEC049, SEC053", "PostgreSQL manual, ALTER TABLE, ENABLE ROW LEVEL SECURITY"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        if (context.Catalog.Platform != "supabase" && context.Options.ExposedSchemas.Count == 0)
            return;
        foreach (var table in context.KnownTables)
        {
            var enabled = table.RowSecurityEnabled;
            if (enabled.Value || !enabled.IsKnown || table.Policies.Count > 0 || table.PartitionOf is not null || !context.Tenancy.IsExposed(table))
                continue;
            if (table.Kind == TableKind.Foreign)
            {
                if (Allowed(context, table, Reads) is { } readers)
                    context.Report(this, Location.Of(table.CreatedAt), table.Id.ToString(), $"{readers} {table.Id}, a foreign table, which cannot have row-level security");
            }
            else if (!context.Tenancy.IsTenantTable(table) && Allowed(context, table, Writes) is { } writers)
                context.Report(this, Location.Of(table.CreatedAt), table.Id.ToString(), $"{writers} {table.Id}, which has no row-level security");
        }
    }

    // `anon and authenticated may insert into and update`: the roles with the union of what they may do.
    private static string? Allowed(CatalogRuleContext context, Table table, string[] privileges)
    {
        var roles = new List<string>();
        var verbs = new List<string>();
        foreach (var privilege in privileges)
        {
            var isGranted = false;
            foreach (var grant in table.Grants)
            {
                if (grant.Privilege != privilege || (grant.Grantee != "public" && !context.Tenancy.ApplicationRoles.Contains(grant.Grantee)))
                    continue;
                isGranted = true;
                if (!roles.Contains(grant.Grantee))
                    roles.Add(grant.Grantee);
            }
            if (isGranted)
                verbs.Add(privilege switch { "select" => "select from", "insert" => "insert into", "update" => "update", _ => "delete from" });
        }
        return roles.Count == 0 ? null : $"{Joined(roles)} may {Joined(verbs)}";
    }

    private static string Joined(List<string> words) =>
        words.Count == 1 ? words[0] : string.Join(", ", words.GetRange(0, words.Count - 1)) + " and " + words[words.Count - 1];
}

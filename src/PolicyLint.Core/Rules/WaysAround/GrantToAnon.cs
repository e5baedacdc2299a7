using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class GrantToAnon : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4005",
        Name = "grant-to-anon",
        Severity = Severity.Warning,
        Title = "Write privilege on a tenant table for the anonymous role or PUBLIC",
        What = "Reports INSERT, UPDATE or DELETE on a tenant table granted to `anon` or PUBLIC where row-level security is off or a policy for that command applies to them. What Supabase grants on every new table is left alone: there the policies alone decide.",
        Why = "Rows of a tenant table belong to users who have signed in. Whoever has not needs no right to write them, and PUBLIC is every role that will ever be created on the server.",
        Fix = "`REVOKE INSERT, UPDATE, DELETE … FROM anon, public`, and grant to the role that the application uses.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            grant select, insert, update on public.notes to public;
            -- ^^^ PL4005: public may insert into and update public.notes
            """,
        Good = """
            create role app;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
            grant select, insert, update on public.notes to app;
            """,
        Sources = ["PostgreSQL manual 5.8, Privileges", "pgrls SEC039", "supabase-rls-guard RLS005"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var table in context.KnownTables)
        {
            if (!table.RowSecurityEnabled.IsKnown || !context.Tenancy.IsTenantTable(table))
                continue;
            Grant? first = null;
            var verbs = new List<string>();
            foreach (var grant in table.Grants)
            {
                if (grant.Grantee is not ("anon" or "public") || (first is not null && grant.Grantee != first.Grantee) || CommandOf(grant) is not { } command)
                    continue;
                if (GrantedRoles.IsPlatformDefault(context.Catalog, grant, table) || !LetsIn(context, table, command, grant.Grantee))
                    continue;
                first ??= grant;
                verbs.Add(command switch { PolicyCommand.Insert => "insert into", PolicyCommand.Update => "update", _ => "delete from" });
            }
            if (first is not null)
                context.Report(this, Location.Of(first.Origin), $"{table.Id}/{first.Grantee}", $"{first.Grantee} may {string.Join(" and ", verbs)} {table.Id}, a tenant table");
        }
    }

    private static PolicyCommand? CommandOf(Grant grant) => grant.Privilege switch
    {
        "insert" => PolicyCommand.Insert,
        "update" => PolicyCommand.Update,
        "delete" => PolicyCommand.Delete,
        _ => null,
    };

    private static bool LetsIn(CatalogRuleContext context, Table table, PolicyCommand command, string grantee)
    {
        if (!table.RowSecurityEnabled.Value)
            return true;
        foreach (var policy in context.Access.PoliciesFor(table, command, grantee))
        {
            if (policy.IsPermissive)
                return true;
        }
        return false;
    }
}

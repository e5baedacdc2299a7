using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyAlwaysTrue : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2001",
        Name = "policy-always-true",
        Severity = Severity.Error,
        Title = "Policy that is true for every row",
        What = "Reports a permissive policy whose predicate is proven true for every row and session (not only the word `true`), for a command that writes, or for SELECT on a tenant table, and for a role that the application uses. Silent where restrictive policies keep the rows apart all the same.",
        Why = "Permissive policies are joined with OR: one that is always true opens the table to its roles, whatever the others say.",
        Fix = "Compare the tenancy column with the session: `USING (user_id = (select auth.uid()))`. Rows that are public by intent belong to a table of their own, or behind a column that says so.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            alter table public.notes enable row level security;
            create policy everyone on public.notes for select to authenticated using (true);
            --                                                                        ^^^^ PL2001: The policy everyone lets authenticated read every row of public.notes
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "splinter 0024", "pgrls SEC008, SEC020"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (table.IsForeignOwned || table.Taints.Count > 0 || !policy.IsPermissive || policy.IsTainted || ApplicationRoleOf(context, policy) is not { } role)
            return;
        // USING decides what is reached, WITH CHECK what is written; a FOR ALL policy with one predicate is one finding.
        if (Reads(policy.Command, context.Tenancy.IsTenantTable(table)) && Check(context, table, policy, role, policy.Using, PolicyClause.Using))
            return;
        if (policy.Command != PolicyCommand.Select)
            Check(context, table, policy, role, policy.WithCheck, PolicyClause.WithCheck);
    });

    private static bool Reads(PolicyCommand command, bool isTenantTable) => command switch
    {
        PolicyCommand.Select => isTenantTable,
        PolicyCommand.Insert => false,
        _ => true,
    };

    private bool Check(CatalogRuleContext context, Table table, Policy policy, string role, SqlFragment<Expression>? predicate, PolicyClause clause)
    {
        // The commonest policies need no proof.
        if (predicate is null || SessionTerms.TiesColumn(predicate.Tree) || context.Access.IsAlwaysTrue(table, predicate) is not Verdict.Proven || IsRestricted(context, table, policy.Command, role, clause))
            return false;
        var verb = clause == PolicyClause.WithCheck ? "write any row into" : policy.Command switch
        {
            PolicyCommand.Select => "read every row of",
            PolicyCommand.Update => "update every row of",
            PolicyCommand.Delete => "delete every row of",
            _ => "reach every row of",
        };
        context.Report(
            this, Location.Within(policy.ChangedAt, predicate.Source, predicate.Tree.Span), $"{table.Id}/{policy.Name}",
            $"The policy {policy.Name} lets {string.Join(", ", policy.Roles)} {verb} {table.Id}");
        return true;
    }

    private static bool IsRestricted(CatalogRuleContext context, Table table, PolicyCommand command, string role, PolicyClause clause)
    {
        foreach (var policy in table.Policies)
        {
            if (!policy.IsPermissive)
                return context.Access.Isolates(table, command == PolicyCommand.All ? PolicyCommand.Select : command, role, clause) is not Verdict.Refuted;
        }
        return false;
    }

    // A policy for a role that bypasses RLS, or that the application never becomes, opens nothing.
    private static string? ApplicationRoleOf(CatalogRuleContext context, Policy policy)
    {
        foreach (var role in policy.Roles)
        {
            if (role == "public")
                return context.Tenancy.ApplicationRoles[0];
            if (context.Catalog.Roles.TryGetValue(role, out var known) && (known.BypassesRowSecurity || known.IsSuperuser))
                continue;
            foreach (var used in context.Tenancy.ApplicationRoles)
            {
                if (used == role)
                    return role;
            }
        }
        return null;
    }
}

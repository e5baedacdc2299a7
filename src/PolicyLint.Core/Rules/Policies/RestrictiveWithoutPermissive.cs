using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class RestrictiveWithoutPermissive : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2009",
        Name = "restrictive-without-permissive",
        Severity = Severity.Warning,
        Title = "Restrictive policies with no permissive one: nobody gets in",
        What = "Reports a table whose policies are all restrictive. Restrictive policies that say `false` close the table on purpose and are left alone.",
        Why = "Restrictive policies only take away from what permissive ones give. Where none gives, the table looks empty to every role that row-level security binds, whatever the restrictive predicates say.",
        Fix = "Write a permissive policy for each command that the application runs, or leave out `AS RESTRICTIVE`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes as restrictive to authenticated using (user_id = (select auth.uid()));
            -- ^^^ PL2009: public.notes has restrictive policies only
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, locked boolean not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            create policy unlocked on public.notes as restrictive to authenticated using (not locked);
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY, RESTRICTIVE", "pgrls SEC012"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        if (context.Catalog.UnknownEffects.Count > 0)
            return;
        foreach (var table in context.KnownTables)
        {
            if (table.Policies.Count == 0 || !table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown)
                continue;
            var closesOnPurpose = true;
            var isRestrictiveOnly = true;
            foreach (var policy in table.Policies)
            {
                isRestrictiveOnly &= !policy.IsPermissive && !policy.IsTainted;
                closesOnPurpose &= IsFalse(policy.Using) || IsFalse(policy.WithCheck);
            }
            if (!isRestrictiveOnly || closesOnPurpose)
                continue;
            context.Report(
                this, Location.Of(table.Policies[0].ChangedAt), table.Id.ToString(),
                $"{table.Id} has restrictive policies only: no role that row-level security binds reaches a row");
        }
    }

    private static bool IsFalse(SqlFragment<Expression>? predicate) => predicate?.Tree is Literal { Kind: LiteralKind.False };
}

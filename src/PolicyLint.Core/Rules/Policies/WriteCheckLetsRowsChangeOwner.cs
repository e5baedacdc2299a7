using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class WriteCheckLetsRowsChangeOwner : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2003",
        Name = "write-check-lets-rows-change-owner",
        Severity = Severity.Error,
        Title = "INSERT or UPDATE may write a row that belongs to someone else",
        What = "Reports a tenant table whose policies let a role insert a row, or update one, so that it afterwards belongs to another user: the combined WITH CHECK does not imply the tenancy condition. The witness is such a row and a session. Predicates that are always true are PL2001's.",
        Why = "A user who can write rows in another's name plants data in their account, or gives away rows that others rely on.",
        Fix = "Repeat the tenancy condition in WITH CHECK: `WITH CHECK (user_id = (select auth.uid()))`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null, title text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy read_own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create policy own on public.notes for update to authenticated
              using (user_id = (select auth.uid())) with check (title is not null);
            --                                                  ^^^^^^^^^^^^^^^^^ PL2003: authenticated may update a row of public.notes so that it belongs to someone else
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, title text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy read_own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create policy own on public.notes for update to authenticated
              using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()) and title is not null);
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY, table 293", "pgrls SEC040", "rlsautotest, union leak"],
        IsLive = true,
        UsesProver = true,
    };

    private static readonly PolicyCommand[] Writes = [PolicyCommand.Insert, PolicyCommand.Update];

    public override void Check(CatalogRuleContext context) => context.CheckEach(context.Tables, table =>
    {
        if (table.Taints.Count > 0 || !table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown || !context.Tenancy.IsTenantTable(table))
            return;
        foreach (var command in Writes)
            CheckCommand(context, table, command);
    });

    private void CheckCommand(CatalogRuleContext context, Table table, PolicyCommand command)
    {
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            var policies = context.Access.PoliciesFor(table, command, role);
            if (context.Access.Isolates(table, command, role, PolicyClause.WithCheck) is not Verdict.Refuted refuted || HasAlwaysTrue(context, table, policies))
                continue;
            if (Guilty(context, table, role, policies) is not { } guilty)
                continue;
            var predicate = AccessModel.PredicateOf(guilty, PolicyClause.WithCheck)!;
            var verb = command == PolicyCommand.Insert ? "insert a row into" : "update a row of";
            context.Report(
                this, Location.Within(guilty.ChangedAt, predicate.Source, predicate.Tree.Span), $"{table.Id}/{guilty.Name}/{command}",
                $"{role} may {verb} {table.Id} so that it belongs to someone else",
                new AccessWitness(table.Id, command, role, PolicyClause.WithCheck, refuted.Witness) { Telling = PolicyFaults.Telling(table, context.Tenancy) });
            return;
        }
    }

    private static bool HasAlwaysTrue(CatalogRuleContext context, Table table, IReadOnlyList<Policy> policies)
    {
        foreach (var policy in policies)
        {
            if (policy.IsPermissive && AccessModel.PredicateOf(policy, PolicyClause.WithCheck) is { } predicate && context.Access.IsAlwaysTrue(table, predicate) is Verdict.Proven)
                return true;
        }
        return false;
    }

    // The permissive policy that does not imply the tenancy condition by itself; with several the first.
    private static Policy? Guilty(CatalogRuleContext context, Table table, string role, IReadOnlyList<Policy> policies)
    {
        Policy? first = null;
        foreach (var policy in policies)
        {
            if (!policy.IsPermissive || AccessModel.PredicateOf(policy, PolicyClause.WithCheck) is not { } predicate)
                continue;
            first ??= policy;
            foreach (var key in context.Tenancy.KeysOf(table))
            {
                if (key.Goal is { } goal && context.Access.Implies(table, predicate, goal, PolicyClause.WithCheck, role) is Verdict.Refuted)
                    return policy;
            }
        }
        return first;
    }
}

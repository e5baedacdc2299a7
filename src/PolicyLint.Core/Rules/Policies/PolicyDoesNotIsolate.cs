using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyDoesNotIsolate : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2002",
        Name = "policy-does-not-isolate",
        Severity = Severity.Error,
        Title = "Policy that lets a user in to rows of others",
        What = "Reports a policy of a tenant table that lets a role reach rows which the tenancy condition does not give to the session, with such a row and session. Rows that a column marks as public may be read, and sessions that a condition singles out (an administrator's) may do what it says. Where tenancy is inferred and not configured, only policies are reported that any signed-in user passes for every row, or that let a row be changed or deleted without asking who does it. Predicates that are always true are PL2001's, those that a missing user opens PL2012's, memberships of anything PL2018's.",
        Why = "That somebody is signed in says nothing about whose the row is: every account reaches every row.",
        Fix = "Compare the tenancy column with the session in every branch of the predicate.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy members on public.notes for select to authenticated using (user_id = (select auth.uid()) or (select auth.uid()) is not null);
            --                                                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2002: The policy members lets authenticated read rows of public.notes that belong to others
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "rlsautotest", "Supabase, RLS: auth.role() is not a check"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (context.Faults.Find(table, policy) is { Kind: PolicyFaultKind.NotIsolating } fault)
        {
            context.Report(
                this, Location.Within(policy.ChangedAt, policy.Using!.Source, fault.Part.Span), $"{table.Id}/{policy.Name}",
                $"The policy {policy.Name} lets {fault.Witness.Role} {CommandWords.Reach(fault.Witness.Command)} rows of {table.Id} that belong to others", fault.Witness);
        }
    });
}

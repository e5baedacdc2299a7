using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class AnonymousAccess : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2012",
        Name = "anonymous-access",
        Severity = Severity.Error,
        Title = "Policy that is true because no user is set",
        What = "Reports a policy of a tenant table that shows a session without a user rows which a user whom no row names would not see: `IS NOT DISTINCT FROM`, `COALESCE`, `OR … IS NULL`. Rows that a column marks as public are open to both and are not reported; on Supabase neither are policies that do not serve `anon`.",
        Why = "Where nobody is signed in, or the setting was forgotten on a pooled connection, the user is NULL: the check that was meant to keep people out lets them in.",
        Fix = "Compare with `=`, which NULL never passes: `user_id = (select auth.uid())`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to anon, authenticated
              using (coalesce((select auth.uid()), user_id) = user_id);
            --       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2012: The policy own lets a session without a user read rows of public.notes
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, comparison functions and operators", "pgrls SEC014"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (context.Faults.Find(table, policy) is { Kind: PolicyFaultKind.Anonymous } fault)
        {
            context.Report(
                this, Location.Within(policy.ChangedAt, policy.Using!.Source, fault.Part.Span), $"{table.Id}/{policy.Name}",
                $"The policy {policy.Name} lets a session without a user {CommandWords.Reach(fault.Witness.Command)} rows of {table.Id}", fault.Witness);
        }
    });
}

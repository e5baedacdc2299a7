using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class PolicyChangeWidens : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3002",
        Name = "policy-change-widens",
        Severity = Severity.Warning,
        Title = "Migration that opens rows of others to a role",
        What = "Reports a tenant table of which a role reaches, or may write, rows after a migration that it did not before it and that the tenancy condition does not give to the session, with such a row and session. The migration is judged as a whole. Silent while a table has no policies yet, and where a later migration takes the rows back.",
        Why = "A policy that was rewritten for another reason lets more people in than it did, and nothing fails.",
        Fix = "Narrow the new predicate. Where it is meant, say so on the statement: `-- policylint:intended PL3002 reason`.",
        Bad = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, user_id uuid not null, is_shared boolean not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            -- file: 2.sql
            alter policy own on public.notes using (user_id = (select auth.uid()) or is_shared);
            -- ^^^ PL3002: authenticated can read rows of public.notes that it could not
            """,
        Good = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, user_id uuid not null, is_shared boolean not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = auth.uid());
            -- file: 2.sql
            alter policy own on public.notes using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "pgrls diff"],
        UsesProver = true,
    };

    public override void Check(MigrationRuleContext context)
    {
        foreach (var change in context.Access.Changes)
        {
            if (change is not { IsLoss: false, Cause.Policy: { } policy })
                continue;
            context.Report(
                this, Location.Of(policy.ChangedAt), $"{change.After.Id}/{policy.Name}",
                $"{change.Witness.Role} can {CommandWords.Reach(change.Witness.Command)} rows of {change.After.Id} that it could not", change.Witness);
        }
    }
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class PolicyDropped : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3003",
        Name = "policy-dropped",
        Severity = Severity.Warning,
        Title = "Policy dropped and not replaced",
        What = "Reports a policy of a tenant table that a migration drops and replaces by nothing, where that changes who reaches which rows: a permissive policy that gave rows which no other gives, or a restrictive one that kept rows back. The witness is such a row and a session. Silent where a later migration brings it back.",
        Why = "Without the permissive policy its users see less; without the restrictive one everybody whom the others let in sees more.",
        Fix = "Create what takes its place in the same migration, or say on the statement that the loss is meant: `-- policylint:intended PL3003 reason`.",
        Bad = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, user_id uuid not null, editor_id uuid not null);
            create index on public.notes (user_id);
            create index on public.notes (editor_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create policy editors on public.notes for select to authenticated using (editor_id = (select auth.uid()));
            -- file: 2.sql
            drop policy editors on public.notes;
            -- ^^^ PL3003: Without the policy editors authenticated can no longer read all rows of public.notes that it could
            """,
        Good = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            -- file: 2.sql
            begin;
            drop policy own on public.notes;
            create policy mine on public.notes to authenticated using (user_id = (select auth.uid()));
            commit;
            """,
        Sources = ["PostgreSQL manual, DROP POLICY"],
        UsesProver = true,
    };

    public override void Check(MigrationRuleContext context)
    {
        foreach (var change in context.Access.Changes)
        {
            if (change.Cause.Dropped is not { } policy || OriginOf(context.Replay, change, policy) is not { } origin)
                continue;
            var what = change.IsLoss
                ? $"{change.Witness.Role} can no longer {CommandWords.Reach(change.Witness.Command)} all rows of {change.After.Id} that it could"
                : $"{change.Witness.Role} can {CommandWords.Reach(change.Witness.Command)} rows of {change.After.Id} that it could not";
            context.Report(this, Location.Of(origin), $"{change.After.Id}/{policy.Name}", $"Without the policy {policy.Name} {what}", change.Witness);
        }
    }

    private static Origin? OriginOf(ReplayResult replay, AccessChange change, Policy policy)
    {
        foreach (var step in replay.Changes)
        {
            if (step.ObjectKind == ObjectKind.Policy && step.Kind is ChangeKind.Dropped or ChangeKind.Altered && step.Object == change.After.Id && step.Part == policy.Name
                && step.Origin.Source == change.Effect.Script.Tree.Source)
                return step.Origin;
        }
        return null;
    }
}

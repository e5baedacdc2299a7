using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class RollbackOpensAccess : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3011",
        Name = "rollback-opens-access",
        Severity = Severity.Error,
        Title = "Rollback that lets in more than there was before the migration",
        What = "Reports a tenant table of which a role reaches, or may write, rows after a rollback that it did not reach before the migrations which the rollback undoes, with such a row and session. What a rollback undoes is known as for PL3010.",
        Why = "A rollback runs in an emergency, in a hurry and without a review: what it opens stays open.",
        Fix = "Create the policies of before, word for word, and not a wider one.",
        Bad = """
            -- file: migrations/1_notes.sql
            create table public.notes (id uuid primary key, user_id uuid not null, team_id uuid not null);
            create index on public.notes (user_id);
            create index on public.notes (team_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            -- file: migrations/2_teams.sql
            alter policy own on public.notes using (user_id = (select auth.uid()) or team_id = (select auth.uid()));
            -- file: rollback/2_teams.sql
            alter policy own on public.notes using (user_id is not null);
            -- ^^^ PL3011: After the rollback authenticated can read rows of public.notes that it could not before the migration
            """,
        Good = """
            -- file: migrations/1_notes.sql
            create table public.notes (id uuid primary key, user_id uuid not null, team_id uuid not null);
            create index on public.notes (user_id);
            create index on public.notes (team_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            -- file: migrations/2_teams.sql
            alter policy own on public.notes using (user_id = (select auth.uid()) or team_id = (select auth.uid()));
            -- file: rollback/2_teams.sql
            alter policy own on public.notes using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY"],
        UsesProver = true,
    };

    public override void Check(MigrationRuleContext context)
    {
        foreach (var effect in context.Replay.RollbackEffects)
        {
            var comparison = new AccessComparison(effect.Before, effect.After, context.Tenancy, context.Limits, context.Answers, context.Cancellation);
            foreach (var after in effect.After.TablesInOrder())
            {
                if (context.Tenancy.IsTenantTable(after) && comparison.Find(after.Id) is { } before)
                    Check(context, effect.Change, comparison, before, after);
            }
        }
    }

    private void Check(MigrationRuleContext context, WitnessChange change, AccessComparison comparison, Table before, Table after)
    {
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            foreach (var (command, clause) in AccessHistory.Questions)
            {
                if (comparison.Adds(before, after, command, role, clause) is not Verdict.Refuted refuted || Cause(comparison, before, after, command, role) is not { } cause)
                    continue;
                var witness = new AccessWitness(after.Id, command, role, clause, refuted.Witness) { Across = change, Telling = PolicyFaults.Telling(after, context.Tenancy) };
                context.Report(
                    this, Location.Of(cause.Origin), $"{after.Id}/{cause.Name}",
                    $"After the rollback {role} can {CommandWords.Reach(command)} rows of {after.Id} that it could not before the migration", witness);
                return;
            }
        }
    }

    private static (Origin Origin, string Name)? Cause(AccessComparison comparison, Table before, Table after, PolicyCommand command, string role)
    {
        if (before.RowSecurityEnabled.Value && !after.RowSecurityEnabled.Value)
            return (after.RowSecurityEnabled.Origin, "row security");
        foreach (var policy in comparison.Later.PoliciesFor(after, command, role))
        {
            var isOld = false;
            foreach (var old in before.Policies)
                isOld |= ReferenceEquals(old, policy);
            if (!isOld && policy.IsPermissive)
                return (policy.ChangedAt, policy.Name);
        }
        return null;
    }
}

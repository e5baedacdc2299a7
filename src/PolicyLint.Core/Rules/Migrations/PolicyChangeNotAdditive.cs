using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class PolicyChangeNotAdditive : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3001",
        Name = "policy-change-not-additive",
        Severity = Severity.Error,
        Title = "Migration that takes rows away from a role",
        What = "Reports a tenant table of which a role reaches, or may write, fewer rows after a migration than before it: the combined policies before do not imply those after, with a row that is lost and a session. The migration is judged as a whole, so a policy replaced under another name, split or merged counts by what it lets in. Silent where before every row was open to everybody, where row-level security was not on yet, and where a later migration gives the rows back. A policy that nothing replaces is PL3003's, a changed function PL3020's. Two losses are left out on purpose: where a role reached every row before, taking the rows of others away is what the migration is for, and the access map shows it; and of UPDATE's check it is asked whether a row that could be updated can still be written as it is, because a check that keeps users from giving rows away takes nothing from them that is theirs.",
        Why = "Users lose sight of their own rows at the moment of the deployment, and no error says so: queries return less.",
        Fix = "Keep the old condition beside the new one until the data is moved: `USING (user_id = (select auth.uid()) OR tenant_id = …)`. Where the loss is meant, say so on the statement: `-- policylint:intended PL3001 reason`.",
        Bad = """
            -- file: 1.sql
            create table public.clients (id uuid primary key, org_id uuid not null, tenant_id uuid);
            create index on public.clients (org_id);
            alter table public.clients enable row level security;
            create policy own on public.clients for select to authenticated using (org_id = (select auth.uid()));
            -- file: 2.sql
            begin;
            drop policy own on public.clients;
            create policy tenant on public.clients for select to authenticated using (tenant_id = (select auth.uid()));
            -- ^^^ PL3001: authenticated can no longer read all rows of public.clients that it could
            commit;
            """,
        Good = """
            -- file: 1.sql
            create table public.clients (id uuid primary key, org_id uuid not null, tenant_id uuid not null);
            create index on public.clients (org_id);
            create index on public.clients (tenant_id);
            alter table public.clients enable row level security;
            create policy own on public.clients for select to authenticated using (org_id = (select auth.uid()));
            -- file: 2.sql
            begin;
            drop policy own on public.clients;
            create policy either on public.clients for select to authenticated
              using (org_id = (select auth.uid()) or tenant_id = (select auth.uid()));
            commit;
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "pgrls diff"],
        UsesProver = true,
    };

    public override void Check(MigrationRuleContext context)
    {
        foreach (var change in context.Access.Changes)
        {
            if (change is not { IsLoss: true, Cause.Policy: { } policy })
                continue;
            context.Report(
                this, Location.Of(policy.ChangedAt), $"{change.After.Id}/{policy.Name}",
                $"{change.Witness.Role} can no longer {CommandWords.Reach(change.Witness.Command)} all rows of {change.After.Id} that it could", change.Witness);
        }
    }
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class HelperChangeChangesAccess : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3020",
        Name = "helper-change-changes-access",
        Severity = Severity.Error,
        Title = "Replaced function that changes what policies let in",
        What = "Reports CREATE OR REPLACE of a function that policies of tenant tables call, where a role then reaches fewer rows, or rows of others that it did not: judged as PL3001 and PL3002 judge policies, on every policy that calls the function, with a row and a session. Functions that cannot be looked into (other languages than SQL) are not judged.",
        Why = "One function stands behind the policies of many tables: the change of one line moves the border of all of them, and none of their policies shows in the diff.",
        Fix = "Keep the function as it was and give new policies a new one, or say on the statement that the change is meant: `-- policylint:intended PL3020 reason`.",
        Bad = """
            -- file: 1.sql
            create table public.profiles (id uuid primary key, tenant_id uuid not null, is_active boolean not null);
            create index on public.profiles (tenant_id);
            alter table public.profiles enable row level security;
            create function public.my_tenant() returns uuid language sql stable security definer set search_path = ''
              as $$ select tenant_id from public.profiles where id = auth.uid() $$;
            create table public.clients (id uuid primary key, tenant_id uuid not null);
            create index on public.clients (tenant_id);
            alter table public.clients enable row level security;
            create policy tenant on public.clients for select to authenticated using (tenant_id = (select public.my_tenant()));
            -- file: 2.sql
            create or replace function public.my_tenant() returns uuid language sql stable security definer set search_path = ''
            -- ^^^ PL3020: With the new public.my_tenant() authenticated can no longer read all rows of public.clients that it could
              as $$ select tenant_id from public.profiles where id = auth.uid() and is_active $$;
            """,
        Good = """
            -- file: 1.sql
            create table public.profiles (id uuid primary key, tenant_id uuid not null, is_active boolean not null);
            create index on public.profiles (tenant_id);
            alter table public.profiles enable row level security;
            create policy own on public.profiles for select to authenticated using (id = (select auth.uid()));
            create function public.my_tenant() returns uuid language sql stable security definer set search_path = ''
              as $$ select tenant_id from public.profiles where id = auth.uid() $$;
            revoke execute on function public.my_tenant() from public;
            create table public.clients (id uuid primary key, tenant_id uuid not null);
            create index on public.clients (tenant_id);
            alter table public.clients enable row level security;
            create policy tenant on public.clients for select to authenticated using (tenant_id = (select public.my_tenant()));
            -- file: 2.sql
            create or replace function public.my_tenant() returns uuid language sql stable security definer set search_path = ''
              as $$ select p.tenant_id from public.profiles p where p.id = (select auth.uid()) $$;
            """,
        Sources = ["PostgreSQL manual, CREATE FUNCTION"],
        UsesProver = true,
    };

    public override void Check(MigrationRuleContext context)
    {
        if (context.Access.Changes.Count == 0)
            return;
        var reported = new HashSet<(Function, bool)>();
        foreach (var change in context.Access.Changes)
        {
            if (change.Cause.Function is not { } function || !reported.Add((function, change.IsLoss)))
                continue;
            var others = Others(context, change);
            var what = change.IsLoss
                ? $"can no longer {CommandWords.Reach(change.Witness.Command)} all rows of {change.After.Id} that it could"
                : $"can {CommandWords.Reach(change.Witness.Command)} rows of {change.After.Id} that it could not";
            context.Report(
                this, Location.Of(function.ChangedAt), $"{change.After.Id}/{function.Id}/{(change.IsLoss ? "loss" : "gain")}",
                $"With the new {function.Id}() {change.Witness.Role} {what}{(others == 0 ? "" : $", and {others} more tables change")}", change.Witness);
        }
    }

    private static int Others(MigrationRuleContext context, AccessChange first)
    {
        var count = -1;
        foreach (var change in context.Access.Changes)
        {
            if (ReferenceEquals(change.Cause.Function, first.Cause.Function) && change.IsLoss == first.IsLoss)
                count++;
        }
        return count;
    }
}

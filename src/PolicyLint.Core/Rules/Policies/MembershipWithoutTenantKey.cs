using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class MembershipWithoutTenantKey : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2018",
        Name = "membership-without-tenant-key",
        Severity = Severity.Error,
        Title = "Membership of any tenant opens the rows of all",
        What = "Reports a policy of a tenant table with a branch that asks whether the user is a member of something and does not say of what: the subquery compares the user, and no column of the row, although the membership and the row point to the same kind of tenant. A table with one row for each user (a profile with a role) says who somebody is and is left alone.",
        Why = "Anybody can found a tenant and be its member; the check then holds for every row of every tenant.",
        Fix = "Tie the membership to the row: `WHERE m.org_id = documents.org_id AND m.user_id = (select auth.uid())`.",
        Bad = """
            create table public.orgs (id uuid primary key);
            alter table public.orgs enable row level security;
            create table public.members (org_id uuid not null references public.orgs (id), user_id uuid not null, primary key (user_id, org_id));
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create table public.documents (id uuid primary key, org_id uuid not null references public.orgs (id));
            create index on public.documents (org_id);
            alter table public.documents enable row level security;
            create policy members on public.documents for select to authenticated
              using (exists (select 1 from public.members m where m.user_id = (select auth.uid())));
            --       ^^^^^^ PL2018: The policy members lets a member of anything read every row of public.documents
            """,
        Good = """
            create table public.orgs (id uuid primary key);
            alter table public.orgs enable row level security;
            create table public.members (org_id uuid not null references public.orgs (id), user_id uuid not null, primary key (user_id, org_id));
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create table public.documents (id uuid primary key, org_id uuid not null references public.orgs (id));
            create index on public.documents (org_id);
            alter table public.documents enable row level security;
            create policy members on public.documents for select to authenticated
              using (exists (select 1 from public.members m where m.org_id = documents.org_id and m.user_id = (select auth.uid())));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "pgrls SEC033"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (context.Faults.Find(table, policy) is { Kind: PolicyFaultKind.MembershipWithoutKey } fault)
        {
            context.Report(
                this, Location.Within(policy.ChangedAt, policy.Using!.Source, fault.Part.Span), $"{table.Id}/{policy.Name}",
                $"The policy {policy.Name} lets a member of anything {CommandWords.Reach(fault.Witness.Command)} every row of {table.Id}: its subquery on {fault.Membership} says nothing of the row", fault.Witness);
        }
    });
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyNotDecided : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2090",
        Name = "policy-not-decided",
        Severity = Severity.Information,
        Title = "Policies of which it is not decided whether they keep users apart",
        What = "Reports a tenant table whose policies for some role and command could be neither proven to keep to the tenancy condition nor refuted, and why. Tables that a statement without a known effect may have changed are PL9005's, those without a known tenancy condition are left alone.",
        Why = "Silence would look like safety: here nothing is known, and somebody has to look.",
        Fix = "Write helper functions as one SQL query, which is looked into; say in `policylint.yml` what the tenancy is.",
        Bad = """
            create table public.shares (note_id uuid not null, reader text not null);
            create function public.may_read(note uuid) returns boolean language plpgsql stable as $$
            declare n bigint;
            begin
              select count(*) into n from public.shares s where s.note_id = note;
              return n > 0;
            end $$;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for update to authenticated using (user_id = (select auth.uid()));
            create policy readers on public.notes for select to authenticated using (public.may_read(id));
            -- ^^^ PL2090: It is not decided whether the policies of public.notes keep to their users what authenticated may read
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            """,
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEach(context.Tables, table =>
    {
        if (table.Taints.Count == 0 && table.RowSecurityEnabled is { Value: true, IsKnown: true } && context.Tenancy.IsTenantTable(table))
            Check(context, table);
    });

    private void Check(CatalogRuleContext context, Table table)
    {
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            foreach (var (command, clause) in AccessHistory.Questions)
            {
                if (context.Access.Isolates(table, command, role, clause) is not Verdict.Unknown { Reason: not (UnknownReason.SchemaMissing or UnknownReason.Tainted) } unknown)
                    continue;
                foreach (var policy in context.Access.PoliciesFor(table, command, role))
                {
                    if (!policy.IsPermissive || AccessModel.PredicateOf(policy, clause) is not { } predicate || IsDecided(context, table, predicate, clause))
                        continue;
                    context.Report(
                        this, Location.Of(policy.ChangedAt), $"{table.Id}/{policy.Name}",
                        $"It is not decided whether the policies of {table.Id} keep to their users what {role} may {CommandWords.Reach(command)}: {unknown.Detail}");
                    return;
                }
            }
        }
    }

    private static bool IsDecided(CatalogRuleContext context, Table table, SqlFragment<Expression> predicate, PolicyClause clause)
    {
        foreach (var key in context.Tenancy.KeysOf(table))
        {
            if (key.Goal is { } goal && context.Access.Implies(table, predicate, goal, clause) is not Verdict.Unknown)
                return true;
        }
        return false;
    }
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyForPublic : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2004",
        Name = "policy-for-public",
        Severity = Severity.Warning,
        Title = "Policy on a tenant table that is for every role",
        What = "Reports permissive policies on a tenant table without TO, or TO public or anon: one finding a table. A policy that names the role and reads no session is rows meant for the public and left alone, and so is a policy that compares with the session where the platform knows no anonymous role.",
        Why = "A policy without TO is for roles that nobody thought of, the anonymous one included: what it lets in depends on its predicate alone, and each query of an anonymous visitor pays for evaluating it.",
        Fix = "Name the role: `TO authenticated`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes using (user_id = (select auth.uid()));
            -- ^^^ PL2004: The policy own on public.notes is for every role
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY, TO", "pgrls SEC003"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        context.CheckEach(context.Tables, table =>
        {
            if (table.Taints.Count > 0 || !context.Tenancy.IsTenantTable(table))
                return;
            var open = new List<Policy>();
            foreach (var policy in table.Policies)
            {
                if (policy.IsPermissive && !policy.IsTainted && IsForAnyone(policy) && !IsMeant(context, policy))
                    open.Add(policy);
            }
            if (open.Count == 0)
                return;
            var related = new List<RelatedLocation>();
            for (var i = 1; i < open.Count; i++)
                related.Add(new(Location.Of(open[i].CreatedAt), $"the policy {open[i].Name} too"));
            var message = open.Count == 1
                ? $"The policy {open[0].Name} on {table.Id} is for every role, the anonymous one included"
                : $"{open.Count} policies on {table.Id} are for every role, the anonymous one included";
            context.Report(this, Location.Of(open[0].CreatedAt), table.Id.ToString(), message, related);
        });
    }

    private static bool IsForAnyone(Policy policy)
    {
        foreach (var role in policy.Roles)
        {
            if (role is "public" or "anon")
                return true;
        }
        return false;
    }

    private static bool IsMeant(CatalogRuleContext context, Policy policy)
    {
        var readsSession = ReadsSession(policy.Using) || ReadsSession(policy.WithCheck);
        if (context.Catalog.Platform != "supabase")
            return readsSession;
        return !readsSession && policy.Command == PolicyCommand.Select && !policy.HasImplicitRoles;
    }

    private static bool ReadsSession(SqlFragment<Expression>? predicate) => predicate is not null && SessionTerms.Contains(predicate.Tree);
}

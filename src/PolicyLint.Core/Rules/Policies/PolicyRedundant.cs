using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyRedundant : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2014",
        Name = "policy-redundant",
        Severity = Severity.Information,
        Title = "Policy that another one makes needless",
        What = "Reports a permissive policy that lets in nothing more: another permissive policy serves all its roles and commands and is proven true wherever it is. Of two that say the same the later one is reported. A policy that only a predicate reported by PL2001 covers is left alone.",
        Why = "PostgreSQL evaluates both for every row, and a reader takes each for the reason that somebody has access.",
        Fix = "Drop it, or narrow the wider one if that was not meant.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null, is_archived boolean not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            create policy archive on public.notes for select to authenticated using (is_archived and user_id = (select auth.uid()));
            -- ^^^ PL2014: The policy archive on public.notes lets in nothing that own does not
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, is_archived boolean not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "splinter 0006"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var known = new Dictionary<object, int[]>();
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in context.Tables)
        {
            if (table.IsForeignOwned || table.Taints.Count > 0 || table.Policies.Count < 2)
                continue;
            int[]? covers = null;
            var kind = context.Alike.KindOf(table);
            if (kind is not null && !known.TryGetValue(kind, out covers))
                known.Add(kind, covers = Covers(context, table));
            covers ??= Covers(context, table);
            var related = new RelatedLocation[covers.Length][];
            for (var i = 0; i < covers.Length; i++)
            {
                if (covers[i] < 0)
                    continue;
                var policy = table.Policies[i];
                var cover = table.Policies[covers[i]];
                if (!words.TryGetValue(cover.Name, out var why))
                    words.Add(cover.Name, why = $"{cover.Name} is true wherever it is");
                context.Report(
                    this, Location.Of(policy.CreatedAt), $"{table.Id}/{policy.Name}", $"The policy {policy.Name} on {table.Id} lets in nothing that {cover.Name} does not",
                    related[covers[i]] ??= [new(Location.Of(cover.ChangedAt), why)]);
            }
        }
    }

    // For each policy the place of one that is true wherever it is; -1 for none.
    private static int[] Covers(CatalogRuleContext context, Table table)
    {
        var covers = new int[table.Policies.Count];
        for (var i = 0; i < covers.Length; i++)
            covers[i] = Cover(context, table, i);
        return covers;
    }

    private static int Cover(CatalogRuleContext context, Table table, int index)
    {
        var policy = table.Policies[index];
        if (!policy.IsPermissive || policy.IsTainted || (policy.Using is null && policy.WithCheck is null))
            return -1;
        for (var i = 0; i < table.Policies.Count; i++)
        {
            var other = table.Policies[i];
            if (i == index || !Serves(other, policy) || !Covers(context, table, policy, other) || IsOpen(context, table, other))
                continue;
            if (i > index && Serves(policy, other) && Covers(context, table, other, policy))
                continue;
            return i;
        }
        return -1;
    }

    private static bool Serves(Policy other, Policy policy)
    {
        if (!other.IsPermissive || other.IsTainted || (other.Command != PolicyCommand.All && other.Command != policy.Command))
            return false;
        foreach (var role in policy.Roles)
        {
            if (!Contains(other.Roles, role) && !Contains(other.Roles, "public"))
                return false;
        }
        return true;
    }

    private static bool Covers(CatalogRuleContext context, Table table, Policy policy, Policy other)
    {
        var reaches = policy.Command != PolicyCommand.Insert;
        var writes = policy.Command is PolicyCommand.All or PolicyCommand.Insert or PolicyCommand.Update;
        return (!reaches || Follows(context, table, policy, other, PolicyClause.Using)) && (!writes || Follows(context, table, policy, other, PolicyClause.WithCheck));
    }

    private static bool Follows(CatalogRuleContext context, Table table, Policy policy, Policy other, PolicyClause clause) =>
        AccessModel.PredicateOf(policy, clause) is not { } premise
        || (AccessModel.PredicateOf(other, clause) is { } goal && context.Access.Implies(table, premise, goal) is Verdict.Proven);

    private static bool IsOpen(CatalogRuleContext context, Table table, Policy policy) =>
        context.Tenancy.IsTenantTable(table) && policy.Using is { } predicate && !SessionTerms.TiesColumn(predicate.Tree) && context.Access.IsAlwaysTrue(table, predicate) is Verdict.Proven;

    private static bool Contains(IReadOnlyList<string> roles, string role)
    {
        foreach (var candidate in roles)
        {
            if (candidate == role)
                return true;
        }
        return false;
    }
}

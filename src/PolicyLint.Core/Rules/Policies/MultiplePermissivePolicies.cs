using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class MultiplePermissivePolicies : CatalogRule
{
    private static readonly PolicyCommand[] Commands = [PolicyCommand.Select, PolicyCommand.Insert, PolicyCommand.Update, PolicyCommand.Delete];

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2005",
        Name = "multiple-permissive-policies",
        Severity = Severity.Information,
        Title = "Several permissive policies for one role and command",
        What = "Reports a table where several permissive policies apply to one role of the application for one command. One finding a table, whatever the number of roles and commands.",
        Why = "PostgreSQL joins permissive policies with OR and evaluates them for every row that the earlier ones did not let in. On a large table two policies can cost twice as much as one, and a reader has to join them in the head to know what is let in.",
        Fix = "Where the policies are for the same roles and the same commands, join their predicates with OR in one policy, the cheapest first. Policies of which one is FOR ALL stay apart: joined, it would let in more than it did.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null, shared_with uuid not null);
            create index on public.notes (user_id);
            create index on public.notes (shared_with);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create policy shared on public.notes for select to authenticated using (shared_with = (select auth.uid()));
            -- ^^^ PL2005: 2 permissive policies of public.notes apply to authenticated for SELECT
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, shared_with uuid not null);
            create index on public.notes (user_id);
            create index on public.notes (shared_with);
            alter table public.notes enable row level security;
            create policy own_or_shared on public.notes for select to authenticated
              using (user_id = (select auth.uid()) or shared_with = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY, PERMISSIVE", "splinter 0006"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var known = new Dictionary<object, Joined?>();
        foreach (var table in context.KnownTables)
        {
            if (table.Policies.Count < 2 || !table.RowSecurityEnabled.Value)
                continue;
            Joined? joined;
            if (context.Alike.KindOf(table) is not { } kind)
                joined = Find(context, table);
            else if (!known.TryGetValue(kind, out joined))
                known.Add(kind, joined = Find(context, table));
            if (joined is not null)
                Report(context, table, joined);
        }
    }

    private void Report(CatalogRuleContext context, Table table, Joined joined)
    {
        var related = new List<RelatedLocation>(joined.Policies.Count - 1);
        for (var i = 0; i < joined.Policies.Count; i++)
        {
            var policy = table.Policies[joined.Policies[i]];
            if (i != 1)
                related.Add(new(Location.Of(policy.ChangedAt), joined.Names[i]));
        }
        context.Report(
            this, Location.Of(table.Policies[joined.Policies[1]].ChangedAt), table.Id.ToString(),
            $"{joined.Policies.Count} permissive policies of {table.Id} apply to {joined.Roles} for {joined.Commands}: a row that one does not let in is tried by the next", related);
    }

    private static Joined? Find(CatalogRuleContext context, Table table)
    {
        var roles = new List<string>();
        var commands = new List<string>();
        var policies = new List<int>();
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            foreach (var command in Commands)
            {
                var applying = context.Access.PoliciesFor(table, command, role);
                if (applying.Count < 2 || Permissive(applying) is not { Count: > 1 } permissive)
                    continue;
                AddOnce(roles, role);
                AddOnce(commands, command.ToString().ToUpperInvariant());
                foreach (var policy in permissive)
                    AddOnce(policies, PlaceOf(table, policy));
            }
        }
        return policies.Count == 0
            ? null
            : new(string.Join(", ", roles), string.Join(", ", commands), policies, [.. policies.Select(place => $"the policy {table.Policies[place].Name}")]);
    }

    private static int PlaceOf(Table table, Policy policy)
    {
        var place = 0;
        while (!ReferenceEquals(table.Policies[place], policy))
            place++;
        return place;
    }

    private static List<Policy> Permissive(IReadOnlyList<Policy> policies)
    {
        var permissive = new List<Policy>();
        foreach (var policy in policies)
        {
            if (policy.IsPermissive && !policy.IsTainted)
                permissive.Add(policy);
        }
        return permissive;
    }

    private static void AddOnce<T>(List<T> list, T item)
    {
        if (!list.Contains(item))
            list.Add(item);
    }

    /// <summary>Policies, by their places in the table and in words, that are tried one after the other.</summary>
    private sealed record Joined(string Roles, string Commands, List<int> Policies, string[] Names);
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyRecursion : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2007",
        Name = "policy-recursion",
        Severity = Severity.Error,
        Title = "Policy whose evaluation needs the table that it guards",
        What = "Reports a table whose policies read the table itself: in a subquery, through the policies of the tables that the subquery reads, through a view that runs as its caller, or through a SQL function that does. SECURITY DEFINER functions and views of an owner end the chain. One finding a cycle.",
        Why = "PostgreSQL refuses every query on the table: infinite recursion detected in policy for relation (42P17).",
        Fix = "Read the membership in a `SECURITY DEFINER` function with a fixed search_path, owned by a role that the policies do not bind.",
        Bad = """
            create table public.members (id uuid primary key, org_id uuid not null, user_id uuid not null);
            create index on public.members (org_id);
            create index on public.members (user_id);
            alter table public.members enable row level security;
            create policy same_org on public.members for select to authenticated
            -- ^^^ PL2007: The policy same_org on public.members reads public.members
              using (org_id in (select m.org_id from public.members m where m.user_id = (select auth.uid())));
            """,
        Good = """
            create table public.members (id uuid primary key, org_id uuid not null, user_id uuid not null);
            create index on public.members (org_id);
            create index on public.members (user_id);
            alter table public.members enable row level security;
            create function public.my_orgs() returns setof uuid language sql stable security definer set search_path = ''
              as $$ select m.org_id from public.members m where m.user_id = auth.uid() $$;
            create policy same_org on public.members for select to authenticated using (org_id in (select public.my_orgs()));
            """,
        Sources = ["PostgreSQL source, rewriteHandler.c, fireRIRrules", "rlsautotest 42P17"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var reported = new HashSet<QualifiedId>();
        context.CheckEach(context.Tables, table =>
        {
            if (table.Policies.Count == 0 || !table.RowSecurityEnabled.Value || table.IsForeignOwned || reported.Contains(table.Id))
                return;
            var path = new List<(Table Table, Policy Policy)>();
            if (!Search(context, table, table, path, [], isFirst: true))
                return;
            var related = new List<RelatedLocation>();
            for (var i = 1; i < path.Count; i++)
            {
                related.Add(new(Location.Of(path[i].Policy.ChangedAt), $"the policy {path[i].Policy.Name} on {path[i].Table.Id} is evaluated then"));
                reported.Add(path[i].Table.Id);
            }
            reported.Add(table.Id);
            var next = path.Count > 1 ? path[1].Table.Id : table.Id;
            var way = path.Count > 1 ? $"reads {next}, whose policies lead back to it" : $"reads {table.Id} itself";
            context.Report(
                this, Location.Of(path[0].Policy.ChangedAt), table.Id.ToString(),
                $"The policy {path[0].Policy.Name} on {table.Id} {way}: PostgreSQL raises infinite recursion", related);
        });
    }

    // Depth first over the tables that policies read. On the way only policies that bind a SELECT count: reading is what a subquery does.
    private static bool Search(CatalogRuleContext context, Table goal, Table table, List<(Table, Policy)> path, HashSet<QualifiedId> visited, bool isFirst)
    {
        foreach (var policy in table.Policies)
        {
            if (policy.IsTainted || (!isFirst && policy.Command is not (PolicyCommand.All or PolicyCommand.Select)))
                continue;
            path.Add((table, policy));
            foreach (var read in ReadBy(context.Catalog, policy))
            {
                if (!read.RowSecurityEnabled.Value || !read.RowSecurityEnabled.IsKnown || read.Taints.Count > 0)
                    continue;
                if (read.Id == goal.Id)
                {
                    if (SelectBinds(goal))
                        return true;
                    continue;
                }
                if (visited.Add(read.Id) && Search(context, goal, read, path, visited, isFirst: false))
                    return true;
            }
            path.RemoveAt(path.Count - 1);
        }
        return false;
    }

    // Coming back to the table closes the circle where reading it evaluates a policy that reads on.
    private static bool SelectBinds(Table table)
    {
        foreach (var policy in table.Policies)
        {
            if (policy.Command is PolicyCommand.All or PolicyCommand.Select && policy.Using is not null)
                return true;
        }
        return false;
    }

    private static List<Table> ReadBy(ICatalog catalog, Policy policy)
    {
        var reads = new Reads(catalog);
        reads.Visit(policy.Using?.Tree);
        reads.Visit(policy.WithCheck?.Tree);
        return reads.Tables;
    }

    private sealed class Reads(ICatalog catalog) : SqlVisitor
    {
        private const int DeepestCall = 16;
        private int _depth;

        public List<Table> Tables { get; } = [];

        public override void VisitNamedTable(NamedTable node)
        {
            switch (catalog.FindRelation(node.Name))
            {
                case Table table:
                    if (!Tables.Contains(table))
                        Tables.Add(table);
                    break;
                case View { IsMaterialized: false, SecurityInvoker.Value: true, Query: { } query }:
                    Enter(query.Tree);
                    break;
            }
            base.VisitNamedTable(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            foreach (var function in catalog.FindFunctions(node.Name))
            {
                if (function.IsSecurityDefiner || function.IsForeignOwned)
                    continue;
                foreach (var root in FunctionBodies.Of(function) ?? [])
                    Enter(root);
            }
            base.VisitFunctionCall(node);
        }

        private void Enter(SqlNode node)
        {
            if (_depth >= DeepestCall)
                return;
            _depth++;
            Visit(node);
            _depth--;
        }
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyNeverTrue : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2016",
        Name = "policy-never-true",
        Severity = Severity.Warning,
        Title = "Policy that no row and no session makes true",
        What = "Reports a policy with a predicate that is proven never to be true: conditions that exclude each other, a comparison with NULL. The word `false` says what it means and is left alone.",
        Why = "A permissive policy that is never true lets nobody in; a restrictive one shuts everybody out.",
        Fix = "Say what was meant: `IS NULL` and not `= NULL`, OR and not AND between values of one column.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null, status text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy open on public.notes for select to authenticated
              using (user_id = (select auth.uid()) and status = 'new' and status = 'seen');
            --       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2016: The policy open on public.notes is true for no row
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, status text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy open on public.notes for select to authenticated
              using (user_id = (select auth.uid()) and status in ('new', 'seen'));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY and comparison with NULL"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEach(context.Tables, table =>
    {
        if (table.IsForeignOwned || table.Taints.Count > 0)
            return;
        // The policies of a table often say the same for each command.
        var possible = new HashSet<string>(StringComparer.Ordinal);
        foreach (var policy in table.Policies)
        {
            foreach (var predicate in new[] { policy.Using, policy.WithCheck })
            {
                if (policy.IsTainted || predicate is null || IsSaid(predicate.Tree) || possible.Contains(predicate.ToString()))
                    continue;
                if (!context.Access.IsProvenNeverTrue(table, predicate))
                {
                    possible.Add(predicate.ToString());
                    continue;
                }
                context.Report(
                    this, Location.Within(policy.ChangedAt, predicate.Source, predicate.Tree.Span), $"{table.Id}/{policy.Name}",
                    $"The policy {policy.Name} on {table.Id} is true for no row and no session: it {(policy.IsPermissive ? "lets nobody in" : "shuts everybody out")}");
                break;
            }
        }
    });

    private static bool IsSaid(Expression predicate) => predicate switch
    {
        Literal { Kind: LiteralKind.False } => true,
        LogicalExpression { Operator: LogicalOperator.And } and => Array.Exists(and.Operands, IsSaid),
        OperatorExpression { Left: Literal, Right: Literal } => true,
        _ => false,
    };
}

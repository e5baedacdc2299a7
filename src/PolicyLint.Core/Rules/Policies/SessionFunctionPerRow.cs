using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class SessionFunctionPerRow : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2006",
        Name = "session-function-per-row",
        Severity = Severity.Warning,
        Title = "Session function that a policy evaluates for every row",
        What = "Reports a policy that calls `auth.uid()`, `auth.jwt()`, `current_setting(…)` or their kin without a scalar subquery around the call. One finding a policy, at its first such call.",
        Why = "Bare, the function runs once for every row that the query looks at. In `(select auth.uid())` PostgreSQL evaluates it once and compares with the result, which can be a hundred times as fast on a large table.",
        Fix = "Write `(select auth.uid())`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = auth.uid());
            --                                                                  ^^^^^^^^^^ PL2006: The policy own on public.notes evaluates auth.uid() for every row
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["splinter 0003", "pgrls PERF001"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (table.IsForeignOwned)
            return;
        var fragment = policy.Using;
        var call = BareCall.Find(policy.Using);
        if (call is null)
        {
            fragment = policy.WithCheck;
            call = BareCall.Find(policy.WithCheck);
        }
        if (call is null || fragment is null || policy.IsTainted)
            return;
        context.Report(
            this, Location.Within(policy.ChangedAt, fragment.Source, call.Span), $"{table.Id}/{policy.Name}",
            $"The policy {policy.Name} on {table.Id} evaluates {call.Name}() for every row: wrap the call in (select …)");
    });

    private sealed class BareCall : SqlVisitor
    {
        private FunctionCall? _found;

        public static FunctionCall? Find(SqlFragment<Expression>? predicate)
        {
            var search = new BareCall();
            search.Visit(predicate?.Tree);
            return search._found;
        }

        public override void Visit(SqlNode? node)
        {
            if (_found is null)
                base.Visit(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (SessionTerms.IsSessionFunction(node))
                _found = node;
            else
                base.VisitFunctionCall(node);
        }

        // PostgreSQL evaluates a subquery that reads nothing once, as an InitPlan.
        public override void VisitScalarSubquery(ScalarSubquery node)
        {
            if (node.Query is not SelectQuery { From.Length: 0 })
                base.VisitScalarSubquery(node);
        }
    }
}

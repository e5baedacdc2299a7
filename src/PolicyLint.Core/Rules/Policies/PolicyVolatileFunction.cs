using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyVolatileFunction : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2017",
        Name = "policy-volatile-function",
        Severity = Severity.Warning,
        Title = "VOLATILE function that policies call for every row",
        What = "Reports a function of the project that is VOLATILE, which it is where nothing is said, and that a policy calls outside of a subquery of its own. Functions that PostgreSQL inlines are left alone. One finding a function.",
        Why = "PostgreSQL must call a volatile function anew for each row, and may not use an index for a comparison with it. Where the function reads a table, each row of the query costs another query; and what it answers may change from one row to the next.",
        Fix = "Declare the function STABLE, which a function that only reads is, and call it as `(select f())` where its arguments do not come from the row.",
        Bad = """
            create table public.admins (user_id uuid primary key);
            alter table public.admins enable row level security;
            create policy own on public.admins for select to authenticated using (user_id = (select auth.uid()));
            create function public.is_admin() returns boolean language sql security definer set search_path = ''
            -- ^^^ PL2017: public.is_admin is VOLATILE
              as $$ select exists (select 1 from public.admins where user_id = auth.uid()) $$;
            create table public.reports (id uuid primary key);
            alter table public.reports enable row level security;
            create policy admins on public.reports for select to authenticated using (public.is_admin());
            """,
        Good = """
            create table public.admins (user_id uuid primary key);
            alter table public.admins enable row level security;
            create policy own on public.admins for select to authenticated using (user_id = (select auth.uid()));
            create function public.is_admin() returns boolean language sql stable security definer set search_path = ''
              as $$ select exists (select 1 from public.admins where user_id = auth.uid()) $$;
            create table public.reports (id uuid primary key);
            alter table public.reports enable row level security;
            create policy admins on public.reports for select to authenticated using ((select public.is_admin()));
            """,
        Sources = ["PostgreSQL manual 36.7, Function Volatility Categories", "pgrls PERF002"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var calls = new CallsPerRow(context.Catalog);
        foreach (var table in context.FirstOfEachKind(context.KnownTables))
        {
            foreach (var policy in table.Policies)
                calls.VisitPolicy(table, policy);
        }
        foreach (var pair in calls.Policies)
        {
            var function = pair.Key;
            var policies = pair.Value;
            if (IsInlined(function))
                continue;
            var who = policies.Count == 1 ? $"the policy {policies[0].Policy.Name} on {policies[0].Table.Id} calls" : $"{policies.Count} policies call";
            context.Report(
                this, Location.Of(function.DefinedAt), $"{function.Id}({string.Join(",", function.InputTypes)})", $"{function.Id} is VOLATILE, and {who} it for every row",
                [new(Location.Of(policies[0].Policy.ChangedAt), $"the policy {policies[0].Policy.Name}")]);
        }
    }

    // PostgreSQL source, clauses.c, inline_function: one SELECT of an expression, no definer, no settings.
    private static bool IsInlined(Function function) =>
        function.Language == "sql" && !function.IsSecurityDefiner && function.Settings.Count == 0
        && FunctionBodies.Of(function) is [SelectQuery { From.Length: 0, Targets.Length: 1 } or Expression];

    private sealed class CallsPerRow(ICatalog catalog) : SqlVisitor
    {
        private (Table Table, Policy Policy) _current;

        /// <summary>In order of the first call.</summary>
        public List<KeyValuePair<Function, List<(Table Table, Policy Policy)>>> Policies { get; } = [];

        public void VisitPolicy(Table table, Policy policy)
        {
            if (policy.IsTainted)
                return;
            _current = (table, policy);
            Visit(policy.Using?.Tree);
            Visit(policy.WithCheck?.Tree);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (catalog.FindFunctions(node.Name) is [var function] && function is { IsForeignOwned: false, IsTainted: false, IsAssumed: false, Volatility: Volatility.Volatile or Volatility.Unspecified })
                Note(function);
            base.VisitFunctionCall(node);
        }

        // A subquery that takes nothing from the row is evaluated once.
        public override void VisitScalarSubquery(ScalarSubquery node)
        {
            if (!IsEvaluatedOnce(node.Query))
                base.VisitScalarSubquery(node);
        }

        public override void VisitInSubquery(InSubquery node)
        {
            Visit(node.Operand);
            if (!IsEvaluatedOnce(node.Query))
                Visit(node.Query);
        }

        public override void VisitQuantifiedComparison(QuantifiedComparison node)
        {
            Visit(node.Operand);
            Visit(node.Array);
            if (node.Query is not null && !IsEvaluatedOnce(node.Query))
                Visit(node.Query);
        }

        private static bool IsEvaluatedOnce(QueryStatement query)
        {
            if (query is not SelectQuery { From: [] or [FunctionTable] })
                return false;
            var columns = new Columns();
            columns.Visit(query);
            return !columns.Found;
        }

        private void Note(Function function)
        {
            foreach (var pair in Policies)
            {
                if (!ReferenceEquals(pair.Key, function))
                    continue;
                if (pair.Value[pair.Value.Count - 1].Policy != _current.Policy)
                    pair.Value.Add(_current);
                return;
            }
            Policies.Add(new(function, [_current]));
        }
    }

    private sealed class Columns : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitColumnReference(ColumnReference node) => Found |= !node.IsStar;
    }
}

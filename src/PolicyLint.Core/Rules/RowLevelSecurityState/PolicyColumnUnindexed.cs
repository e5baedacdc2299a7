using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class PolicyColumnUnindexed : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1007",
        Name = "policy-column-unindexed",
        Severity = Severity.Warning,
        Title = "Column that a policy compares without an index that leads with it",
        What = "Reports a column that a policy compares with a value of the session, or looks up in a subquery, where no valid index begins with it. A partial index counts unless the policy is shown to need rows that it leaves out.",
        Why = "The comparison is part of every query on the table. Without an index each query reads the rows of all tenants to find those of one.",
        Fix = "`CREATE INDEX CONCURRENTLY … ON table (column)`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            --                                       ^^^^^^^ PL1007: No index of public.notes begins with user_id
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["PostgreSQL manual 11.1, Indexes", "pgrls PERF003"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var reported = new HashSet<string>(StringComparer.Ordinal);
        context.CheckEachPolicy(context.Tables, (table, policy) =>
        {
            if (table.IsForeignOwned || table.IsAssumed || !table.AreColumnsKnown || table.Taints.Count > 0 || !table.RowSecurityEnabled.Value)
                return;
            CheckPredicate(context, table, policy, policy.Using, reported);
            CheckPredicate(context, table, policy, policy.Command == PolicyCommand.Insert ? null : policy.WithCheck, reported);
        });
    }

    private void CheckPredicate(CatalogRuleContext context, Table table, Policy policy, SqlFragment<Expression>? predicate, HashSet<string> reported)
    {
        if (predicate is null)
            return;
        foreach (var column in ComparedColumns(predicate.Tree, table))
        {
            var name = column.Name.Name.Text;
            if (table.FindColumn(name) is null || HasIndex(context.Access, table, predicate, name))
                continue;
            var subject = $"{table.Id}/{name}";
            if (!reported.Add(subject))
                continue;
            context.Report(
                this, Location.Within(policy.ChangedAt, predicate.Source, column.Span), subject,
                $"No index of {table.Id} begins with {name}, which the policy {policy.Name} compares in every query");
        }
    }

    private static bool HasIndex(AccessModel access, Table table, SqlFragment<Expression> predicate, string column)
    {
        foreach (var index in table.Indexes)
        {
            if (index.IsValid && index.Keys.Count > 0 && index.Keys[0].Column == column
                && (index.Predicate is null || access.UsesIndex(table, predicate, index) is not Verdict.Refuted))
                return true;
        }
        return false;
    }

    private static List<ColumnReference> ComparedColumns(Expression predicate, Table table)
    {
        var columns = new List<ColumnReference>();
        var pending = new Queue<Expression>();
        pending.Enqueue(predicate);
        while (pending.Count > 0)
        {
            switch (pending.Dequeue())
            {
                case LogicalExpression logical:
                    foreach (var operand in logical.Operands)
                        pending.Enqueue(operand);
                    break;
                case OperatorExpression { Left: { } left, Right: var right } comparison when comparison.Operator.Name == "=":
                    if (OwnColumn(left, table) is { } first && SessionTerms.IsSessionExpression(right))
                        columns.Add(first);
                    else if (OwnColumn(right, table) is { } second && SessionTerms.IsSessionExpression(left))
                        columns.Add(second);
                    break;
                case InSubquery { IsNegated: false } membership when OwnColumn(membership.Operand, table) is { } member:
                    columns.Add(member);
                    break;
            }
        }
        return columns;
    }

    private static ColumnReference? OwnColumn(Expression expression, Table table) =>
        expression is ColumnReference { IsStar: false } column && (column.Name.Qualifier.IsEmpty || column.Name.Qualifier == table.Id.Name) ? column : null;
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class NotInNullTrap : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2020",
        Name = "not-in-null-trap",
        Severity = Severity.Warning,
        Title = "NOT IN over a column that may be NULL",
        What = "Reports `NOT IN (SELECT c …)` in a policy where a NULL in the column `c` changes what the policy lets in: with such a row the condition is true for nobody. The witness is a row that is kept back for it. Silent where the column is NOT NULL or the subquery leaves NULLs out.",
        Why = "`x NOT IN (…, NULL)` is never true: one row without a value shuts everybody out, and the policy worked until then.",
        Fix = "Use `NOT EXISTS`, or add `WHERE c IS NOT NULL` to the subquery.",
        Bad = """
            create table public.blocks (id uuid primary key, blocked uuid);
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated
              using (user_id = (select auth.uid()) and user_id not in (select blocked from public.blocks));
            --                                         ^^^^^^^ PL2020: One row of public.blocks without blocked makes the policy own on public.notes true for nobody
            """,
        Good = """
            create table public.blocks (id uuid primary key, blocked uuid);
            alter table public.blocks enable row level security;
            create policy everyone on public.blocks for select to authenticated using (blocked is not null);
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated
              using (user_id = (select auth.uid()) and not exists (select 1 from public.blocks b where b.blocked = notes.user_id));
            """,
        Sources = ["PostgreSQL manual, subquery expressions"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (!table.IsForeignOwned && table.Taints.Count == 0 && !policy.IsTainted && !Check(context, table, policy, policy.Using))
            Check(context, table, policy, policy.WithCheck);
    });

    private bool Check(CatalogRuleContext context, Table table, Policy policy, SqlFragment<Expression>? predicate)
    {
        if (predicate is null)
            return false;
        var traps = new Traps(context.Catalog);
        traps.Visit(predicate.Tree);
        foreach (var (trap, members, column) in traps.Found)
        {
            if (WithoutNulls(trap) is not { } mended)
                continue;
            var meant = new SqlFragment<Expression>(new Mending(trap, mended).Rewrite(predicate.Tree), predicate.Source);
            if (context.Access.Implies(table, meant, predicate) is not Verdict.Refuted refuted)
                continue;
            var rows = refuted.Witness.Rows;
            context.Report(
                this, Location.Within(policy.ChangedAt, predicate.Source, trap.Span), $"{table.Id}/{policy.Name}",
                $"One row of {members.Id} without {column} makes the policy {policy.Name} on {table.Id} true for nobody", null,
                rows.Count < 2 ? null : $"{rows[0]} is kept back, given {string.Join(", ", rows.Skip(1))}");
            return true;
        }
        return false;
    }

    private static Expression? WithoutNulls(InSubquery trap)
    {
        var select = (SelectQuery)trap.Query;
        var target = SqlPrinter.Print(select.Targets[0].Value);
        var where = select.Where is { } condition ? $"({SqlPrinter.Print(condition)}) AND " : "";
        return Tenancy.Parse($"({SqlPrinter.Print(trap.Operand)}) {(trap.IsNegated ? "NOT " : "")}IN (SELECT {target} FROM {SqlPrinter.Print(select.From[0])} WHERE {where}{target} IS NOT NULL)")?.Tree;
    }

    private sealed class Mending(InSubquery trap, Expression mended) : SqlRewriter
    {
        public override T Rewrite<T>(T node) => ReferenceEquals(node, trap) && mended is T replacement ? replacement : base.Rewrite(node);
    }

    private sealed class Traps(ICatalog catalog) : SqlVisitor
    {
        public List<(InSubquery Trap, Table Members, string Column)> Found { get; } = [];

        public override void VisitInSubquery(InSubquery node)
        {
            if (node.IsNegated)
                Add(node);
            base.VisitInSubquery(node);
        }

        public override void VisitNotExpression(NotExpression node)
        {
            if (node.Operand is InSubquery { IsNegated: false } membership)
                Add(membership);
            base.VisitNotExpression(node);
        }

        private void Add(InSubquery node)
        {
            if (node.Query is SelectQuery { From: [NamedTable named], Targets: [{ Value: ColumnReference { IsStar: false } column }], GroupBy: null, Limit: null, With: null }
                && catalog.FindTable(named.Name) is { IsAssumed: false, Taints.Count: 0 } members
                && members.FindColumn(column.Name.Name.Text) is { IsNotNull: { Value: false, IsKnown: true } } nullable)
                Found.Add((node, members, nullable.Name));
        }
    }
}

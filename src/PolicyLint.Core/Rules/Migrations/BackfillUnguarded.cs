using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class BackfillUnguarded : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3006",
        Name = "backfill-unguarded",
        Severity = Severity.Warning,
        Title = "Backfill of a tenancy column without a guard",
        What = "Reports an `UPDATE` that sets a tenancy column of an older row and whose condition and value do not look at the column, unless the same transaction adds the column or the condition names one row by its key; and one whose value may be NULL or missing, where the same file then makes a policy that compares the column and nothing in between checks that none is left (SET NOT NULL, a CHECK constraint, a block that counts).",
        Why = "Run again, or run late, the first moves rows that meanwhile belong to someone to another owner. After the second, the rows that the backfill missed are hidden from everyone.",
        Fix = "Add `where tenant_id is null`. Before the policies: `set not null`, or a block that raises an exception if a row is left.",
        Bad = """
            -- file: 1.sql
            create table public.accounts (id uuid primary key, region uuid);
            create table public.notes (id uuid primary key, account uuid not null, tenant_id uuid);
            -- file: 2.sql
            update public.notes n set tenant_id = a.region from public.accounts a where a.id = n.account;
            --     ^^^^^^^^^^^^^^ PL3006: This backfill also changes rows of public.notes whose tenant_id is set
            """,
        Good = """
            -- file: 1.sql
            create table public.accounts (id uuid primary key, region uuid);
            create table public.notes (id uuid primary key, account uuid not null);
            -- file: 2.sql
            alter table public.notes add column tenant_id uuid;
            update public.notes n set tenant_id = a.region from public.accounts a where a.id = n.account and n.tenant_id is null;
            alter table public.notes alter column tenant_id set not null;
            create index concurrently notes_tenant_id on public.notes (tenant_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
            """,
        Sources = ["PostgreSQL manual, UPDATE", "PostgreSQL manual, ALTER TABLE, SET NOT NULL"],
    };

    public override bool NeedsTenancy => true;

    public override bool Concerns(Statement statement) => statement is UpdateStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not UpdateStatement update || context.Step.Script.Role != ScriptRole.Migration)
            return;
        if (context.Catalog.FindTable(update.Table.Name) is not { IsAssumed: false, IsForeignOwned: false, Taints.Count: 0 } table || !context.Tenancy.IsTenantTable(table))
            return;
        foreach (var assignment in update.Assignments)
        {
            if (assignment.Targets is not [{ Path: null } target] || table.FindColumn(target.Column.Text) is not { } column || !IsKey(context.Tenancy.KeysOf(table), column))
                continue;
            if (!Mentions(update.Where, column.Name) && !Mentions(assignment.Value, column.Name) && !Mentions(update.From, column.Name) && !IsAddedInTransaction(context, column) && !NamesOneRow(table, update.Where))
                Report(context, table, column, update, $"This backfill also changes rows of {table.Id} whose {column.Name} is set: say WHERE {column.Name} IS NULL");
            else if (MayLeaveNulls(update, assignment) && column.IsNotNull is { Value: false, IsKnown: true } && PolicyBefore(context, table, column) is { } policy)
                Report(context, table, column, update, $"Nothing checks that this backfill leaves no row of {table.Id} without {column.Name} before the policy {policy.Name.Text} hides it", policy);
        }
    }

    private void Report(StatementRuleContext context, Table table, Column column, UpdateStatement update, string message, CreatePolicyStatement? policy = null)
    {
        var isInFile = context.Step.Origin.Span == update.Span;
        var place = isInFile ? context.At(update.Table.Span) : Location.Of(context.Step.Origin);
        context.Report(this, place, $"{table.Id}/{column.Name}", message, policy is null ? [] : [new(context.At(policy.Span), "the policy")]);
    }

    private static bool IsKey(IReadOnlyList<TenantKey> keys, Column column)
    {
        foreach (var key in keys)
        {
            if (key.Column.Name == column.Name)
                return true;
        }
        return false;
    }

    private static bool IsAddedInTransaction(StatementRuleContext context, Column column) =>
        context.Step.IsInTransaction && ReferenceEquals(column.CreatedAt.Source, context.Step.Script.Tree.Source);

    // `where id = '…'`: that row, and whatever it held.
    private static bool NamesOneRow(Table table, Expression? where)
    {
        if (where is LogicalExpression { Operator: LogicalOperator.And } and)
        {
            foreach (var operand in and.Operands)
            {
                if (NamesOneRow(table, operand))
                    return true;
            }
            return false;
        }
        if (where is not OperatorExpression { Operator.Name.Text: "=", Left: ColumnReference column, Right: Literal or CastExpression { Operand: Literal } })
            return false;
        foreach (var index in table.Indexes)
        {
            if (index is { IsUnique: true, Keys.Count: 1 } && index.Keys[0].Column == column.Name.Name.Text)
                return true;
        }
        return false;
    }

    // A constant reaches every row that the condition selects.
    private static bool MayLeaveNulls(UpdateStatement update, Assignment assignment) =>
        update.From.Length > 0 || assignment.Value is not (Literal { Kind: not LiteralKind.Null } or CastExpression { Operand: Literal { Kind: not LiteralKind.Null } });

    // The next policy of the file on the table that compares the column, where nothing before it checks.
    private static CreatePolicyStatement? PolicyBefore(StatementRuleContext context, Table table, Column column)
    {
        foreach (var statement in context.Step.Script.Tree.Statements)
        {
            if (statement.Start < context.Step.Origin.Span.End)
                continue;
            switch (statement)
            {
                case DoStatement or CallStatement or UpdateStatement or DeleteStatement or QueryStatement:
                    return null;
                case AlterTableStatement alter when context.Catalog.FindTable(alter.Table)?.Id == table.Id && Checks(alter, column.Name):
                    return null;
                case CreatePolicyStatement policy when context.Catalog.FindTable(policy.Table)?.Id == table.Id && (Mentions(policy.Using, column.Name) || Mentions(policy.WithCheck, column.Name)):
                    return policy;
            }
        }
        return null;
    }

    private static bool Checks(AlterTableStatement alter, string column)
    {
        foreach (var action in alter.Actions)
        {
            if (action is SetColumnNotNull { IsNotNull: true } set && set.Column == column)
                return true;
            if (action is AddConstraint { Constraint: CheckConstraint check } && Mentions(check.Condition, column))
                return true;
        }
        return false;
    }

    private static bool Mentions(SqlNode? node, string column)
    {
        var search = new ColumnSearch(column);
        search.Visit(node);
        return search.Found;
    }

    private static bool Mentions(TableReference[] references, string column)
    {
        foreach (var reference in references)
        {
            // The other table may have a column of that name: only a query that looks for its absence guards.
            if (reference is DerivedTable derived && Mentions(derived.Query, column))
                return true;
        }
        return false;
    }

    private sealed class ColumnSearch(string column) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitColumnReference(ColumnReference node) => Found |= !node.IsStar && node.Name.Name == column;
    }
}

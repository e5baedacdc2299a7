using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class PolicyGap : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3008",
        Name = "policy-gap",
        Severity = Severity.Error,
        Title = "Policy dropped and replaced outside of one transaction",
        What = "Reports `DROP POLICY` whose replacement on the same table follows in another transaction, where no other permissive policy serves the command meanwhile. A DROP IF EXISTS of a policy that does not exist at that point is left alone. Whether a file runs in one transaction is known from the migration tool, or said by `transactions` in `policylint.yml`.",
        Why = "Between the two statements the table denies everyone, and where the second one fails it stays so.",
        Fix = "Put both statements between BEGIN and COMMIT, or use ALTER POLICY.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            drop policy own on public.notes;
            -- ^^^ PL3008: Without the policy own nobody reaches public.notes until
            create policy mine on public.notes to authenticated using (user_id = (select auth.uid()));
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            begin;
            drop policy own on public.notes;
            create policy mine on public.notes to authenticated using (user_id = (select auth.uid()));
            commit;
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY and ALTER POLICY"],
    };

    public override bool Concerns(Statement statement) => statement is DropStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not DropStatement { Kind: ObjectKind.Policy } drop || context.Step.Script.Role == Catalog.Replay.ScriptRole.Query)
            return;
        foreach (var target in drop.Targets)
        {
            var table = context.Catalog.FindTable(target.On);
            var policy = Find(table, target.Name.Name.Text);
            var name = table?.Id.ToString() ?? target.On.ToString();
            if (table is { IsAssumed: false, Taints.Count: 0 } && (policy is null || (table.RowSecurityEnabled.IsKnown && !table.RowSecurityEnabled.Value)))
                continue;
            if (policy is { IsPermissive: false } || IsServedByAnother(table, policy))
                continue;
            if (Replacement(context, drop, target, policy) is { } replacement)
            {
                context.Report(
                    this, context.At(drop.Span), $"{name}/{target.Name.Name.Text}", $"Without the policy {target.Name.Name.Text} nobody reaches {name} until its replacement {replacement.Name.Text} is there: put both in one transaction",
                    [new(context.At(replacement.Span), "the replacement")]);
            }
        }
    }

    private static Policy? Find(Table? table, string name)
    {
        if (table is null)
            return null;
        foreach (var policy in table.Policies)
        {
            if (policy.Name == name)
                return policy;
        }
        return null;
    }

    private static bool IsServedByAnother(Table? table, Policy? dropped)
    {
        if (table is null || dropped is null)
            return false;
        foreach (var other in table.Policies)
        {
            if (other.IsPermissive && other.Name != dropped.Name && (other.Command == dropped.Command || other.Command == PolicyCommand.All))
                return true;
        }
        return false;
    }

    // The next CREATE POLICY on the table for the same command in another transaction of the same script.
    private static CreatePolicyStatement? Replacement(StatementRuleContext context, DropStatement drop, DropTarget target, Policy? policy)
    {
        var isOpen = context.Step.Script.IsOneTransaction;
        var isBehind = false;
        var isSameTransaction = false;
        foreach (var statement in context.Step.Script.Tree.Statements)
        {
            if (statement is TransactionStatement { Operation: TransactionOperation.Begin or TransactionOperation.Start })
                isOpen = true;
            else if (statement is TransactionStatement { Operation: TransactionOperation.Commit or TransactionOperation.Rollback })
            {
                isOpen = context.Step.Script.IsOneTransaction;
                isSameTransaction = false;
            }
            else if (ReferenceEquals(statement, drop))
            {
                isBehind = true;
                isSameTransaction = isOpen;
            }
            else if (isBehind && statement is CreatePolicyStatement create && IsSameTable(context, create.Table, target.On) && Overlaps(create.Command, policy))
                return isSameTransaction ? null : create;
        }
        return null;
    }

    private static bool IsSameTable(StatementRuleContext context, ObjectName left, ObjectName right) =>
        context.Catalog.FindTable(left) is { } first && context.Catalog.FindTable(right) is { } second ? first.Id == second.Id : left.ToString() == right.ToString();

    private static bool Overlaps(PolicyCommand command, Policy? dropped) =>
        dropped is null || command == dropped.Command || command == PolicyCommand.All || dropped.Command == PolicyCommand.All;
}

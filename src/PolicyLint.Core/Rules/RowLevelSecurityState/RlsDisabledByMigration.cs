using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class RlsDisabledByMigration : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1009",
        Name = "rls-disabled-by-migration",
        Severity = Severity.Error,
        Title = "Migration that switches row-level security off",
        What = "Reports `DISABLE ROW LEVEL SECURITY` and `NO FORCE ROW LEVEL SECURITY`, in rollback scripts too. A switch that the same transaction takes back is left alone.",
        Why = "From that statement on every role that may read the table reads all rows of it, or its owner does.",
        Fix = "Keep it on. To let a migration touch all rows, take FORCE away and put it back in one transaction, or set the tenant for each part of the work.",
        Bad = """
            create table public.rate_limits (key text primary key);
            alter table public.rate_limits enable row level security;
            alter table public.rate_limits disable row level security;
            --                             ^^^^^^^^^^^^^^^^^^^^^^^^^^ PL1009: Row-level security of public.rate_limits is switched off
            """,
        Good = """
            create table public.rate_limits (key text primary key);
            alter table public.rate_limits enable row level security;
            """,
        Sources = ["PostgreSQL manual, ALTER TABLE", "supabase-rls-guard RLS018"],
    };

    public override bool Concerns(Statement statement) => statement is AlterTableStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not AlterTableStatement alter)
            return;
        foreach (var action in alter.Actions)
        {
            if (action is not SetRowSecurity { Action: RowSecurityAction.Disable or RowSecurityAction.NoForce } change)
                continue;
            var table = context.Catalog.FindTable(alter.Table);
            if (table?.IsForeignOwned == true || IsTakenBack(context.Step, alter, change.Action))
                continue;
            var name = table?.Id.ToString() ?? alter.Table.ToString();
            var what = change.Action == RowSecurityAction.Disable ? $"Row-level security of {name} is switched off" : $"Row-level security of {name} no longer binds the owner";
            context.Report(this, context.At(change.Span), $"{name}/{(change.Action == RowSecurityAction.Disable ? "disable" : "no force")}", what);
        }
    }

    private static bool IsTakenBack(ReplayStep step, AlterTableStatement alter, RowSecurityAction action)
    {
        var isOpen = step.Script.IsOneTransaction;
        var isBehind = false;
        foreach (var statement in step.Script.Tree.Statements)
        {
            if (statement is TransactionStatement { Operation: TransactionOperation.Begin or TransactionOperation.Start })
                isOpen = true;
            else if (statement is TransactionStatement { Operation: TransactionOperation.Commit or TransactionOperation.Rollback })
            {
                if (isBehind)
                    return false;
                isOpen = step.Script.IsOneTransaction;
            }
            else if (ReferenceEquals(statement, alter))
            {
                if (!isOpen)
                    return false;
                isBehind = true;
            }
            else if (isBehind && statement is AlterTableStatement later && later.Table.ToString() == alter.Table.ToString() && Restores(later, action))
                return true;
        }
        return false;
    }

    private static bool Restores(AlterTableStatement later, RowSecurityAction action)
    {
        var restoring = action == RowSecurityAction.Disable ? RowSecurityAction.Enable : RowSecurityAction.Force;
        foreach (var candidate in later.Actions)
        {
            if (candidate is SetRowSecurity change && change.Action == restoring)
                return true;
        }
        return false;
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class NotNullWithoutDefault : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3004",
        Name = "not-null-without-default",
        Severity = Severity.Error,
        Title = "NOT NULL on a column whose rows have no value yet",
        What = "Reports `ADD COLUMN … NOT NULL` without a default on a table that an earlier migration made, and `SET NOT NULL` on a column that an earlier statement added without a default and that nothing has filled since.",
        Why = "PostgreSQL refuses it as soon as the table holds a row: the migration is green on an empty database and fails in production.",
        Fix = "Add the column without NOT NULL, backfill it, check that no NULL is left, then SET NOT NULL.",
        Bad = """
            -- file: 1.sql
            create table public.notes (id uuid primary key);
            -- file: 2.sql
            alter table public.notes add column title text not null;
            --                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL3004: title of public.notes is NOT NULL without a default
            """,
        Good = """
            -- file: 1.sql
            create table public.notes (id uuid primary key);
            -- file: 2.sql
            alter table public.notes add column title text;
            update public.notes set title = '' where title is null;
            alter table public.notes alter column title set not null;
            """,
        Sources = ["PostgreSQL manual, ALTER TABLE", "squawk adding-not-nullable-field, adding-required-field"],
    };

    public override bool Concerns(Statement statement) => statement is AlterTableStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not AlterTableStatement { Kind: RelationKind.Table } alter || context.Step.Script.Role != ScriptRole.Migration)
            return;
        var table = context.Catalog.FindTable(alter.Table);
        if (table is null || table.IsForeignOwned || table.Taints.Count > 0 || IsMadeHere(context, table))
            return;
        foreach (var action in alter.Actions)
        {
            switch (action)
            {
                case AddColumn add when !(add.IfNotExists && table.FindColumn(add.Column.Name.Text) is not null) && IsRequired(add.Column):
                    Report(context, table, add.Column.Name.Text, action, $"{add.Column.Name.Text} of {table.Id} is NOT NULL without a default: refused as soon as the table holds a row");
                    break;
                case SetColumnNotNull { IsNotNull: true } set when table.FindColumn(set.Column.Text) is { } column && WasAddedEmpty(table, column) && !IsFilledBefore(context, alter, column):
                    Report(context, table, column.Name, action, $"{column.Name} of {table.Id} is set NOT NULL and nothing has filled it: refused as soon as the table holds a row");
                    break;
            }
        }
    }

    private void Report(StatementRuleContext context, Table table, string column, AlterTableAction action, string message) =>
        context.Report(this, context.At(action.Span), $"{table.Id}/{column}", message, [new(Location.Of(table.CreatedAt), "the table is older than this migration")]);

    private static bool IsMadeHere(StatementRuleContext context, Table table) =>
        !table.IsAssumed && ReferenceEquals(table.CreatedAt.Source, context.Step.Script.Tree.Source);

    private static bool IsRequired(ColumnDefinition column)
    {
        var isNotNull = false;
        foreach (var constraint in column.Constraints)
        {
            if (constraint is DefaultConstraint or GeneratedConstraint or IdentityConstraint)
                return false;
            isNotNull |= constraint is NullabilityConstraint { IsNotNull: true } or UniqueConstraint { IsPrimaryKey: true };
        }
        return isNotNull && column.Type?.Name.Name.Text is not ("serial" or "bigserial" or "smallserial" or "serial4" or "serial8" or "serial2");
    }

    // Added after the table was made, without a default: older rows hold NULL until something fills them.
    private static bool WasAddedEmpty(Table table, Column column) =>
        column.Default is null && !column.IsIdentity && column.CreatedAt.Source is not null
        && (!ReferenceEquals(column.CreatedAt.Source, table.CreatedAt.Source) || column.CreatedAt.Span.Start > table.CreatedAt.Span.End);

    // Any UPDATE, INSERT or block before this statement that names the column may have filled it; when in doubt it has.
    private static bool IsFilledBefore(StatementRuleContext context, AlterTableStatement alter, Column column)
    {
        if (!ReferenceEquals(column.CreatedAt.Source, context.Step.Script.Tree.Source))
            return true;
        foreach (var statement in context.Step.Script.Tree.Statements)
        {
            if (ReferenceEquals(statement, alter))
                return false;
            if (statement is DoStatement or CallStatement or UpdateStatement or MergeStatement or SelectQuery && ColumnFilling.MayFill(statement, column.Name, []))
                return true;
        }
        return true;
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class ForeignKeyBlocksWrites : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3016",
        Name = "foreign-key-blocks-writes",
        Severity = Severity.Warning,
        Title = "Foreign key checked while both tables are locked",
        What = "Reports `ADD … FOREIGN KEY` without `NOT VALID` on a table that an earlier migration made. A key over columns that the same migration adds is left alone: its rows are empty or have just been written. So are partitioned tables, which know no foreign key that is not valid.",
        Why = "All rows are compared with the other table under a lock that holds up writes to both.",
        Fix = "`ADD CONSTRAINT … NOT VALID`, which checks new rows only, then `VALIDATE CONSTRAINT` in a transaction of its own, which lets writes pass.",
        Bad = """
            -- file: 1.sql
            create table public.people (id uuid primary key);
            create table public.notes (id uuid primary key, author uuid);
            -- file: 2.sql
            alter table public.notes add constraint notes_author_fkey foreign key (author) references public.people (id);
            --                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL3016: Writes to public.notes and public.people wait
            """,
        Good = """
            -- file: 1.sql
            create table public.people (id uuid primary key);
            create table public.notes (id uuid primary key, author uuid);
            -- file: 2.sql
            alter table public.notes add constraint notes_author_fkey foreign key (author) references public.people (id) not valid;
            -- file: 3.sql
            alter table public.notes validate constraint notes_author_fkey;
            """,
        Sources = ["PostgreSQL manual, ALTER TABLE, ADD table_constraint", "squawk adding-foreign-key-constraint, constraint-missing-not-valid"],
    };

    public override bool Concerns(Statement statement) => statement is AlterTableStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not AlterTableStatement { Kind: RelationKind.Table } alter || OlderTables.Find(context, alter.Table) is not { Kind: TableKind.Ordinary } table)
            return;
        foreach (var action in alter.Actions)
        {
            if (action is not AddConstraint { Constraint: ForeignKeyConstraint { IsNotValid: false, IsNotEnforced: false } key } || IsOverNewColumn(context, alter, table, key))
                continue;
            var target = context.Catalog.FindTable(key.Table)?.Id.ToString() ?? key.Table.ToString();
            context.Report(
                this, context.At(action.Span), $"{table.Id}/{string.Join(",", key.Columns)}", $"Writes to {table.Id} and {target} wait until all rows are compared: add the key NOT VALID and validate it afterwards",
                OlderTables.Proof(table));
        }
    }

    private static bool IsOverNewColumn(StatementRuleContext context, AlterTableStatement alter, Table table, ForeignKeyConstraint key)
    {
        foreach (var name in key.Columns)
        {
            if (table.FindColumn(name.Text) is not { } column)
            {
                foreach (var action in alter.Actions)
                {
                    if (action is AddColumn add && add.Column.Name == name)
                        return true;
                }
            }
            else if (ReferenceEquals(column.CreatedAt.Source, context.Step.Script.Tree.Source))
                return true;
        }
        return false;
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class ConcurrentlyInTransaction : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3015",
        Name = "concurrently-in-transaction",
        Severity = Severity.Error,
        Title = "CONCURRENTLY inside a transaction",
        What = "Reports `CREATE INDEX CONCURRENTLY`, `DROP INDEX CONCURRENTLY` and `DETACH PARTITION … CONCURRENTLY` between BEGIN and COMMIT, in a DO block or function, and next to other statements in a file that the migration tool runs as one transaction. A file of that one statement is left alone: most tools run it by itself.",
        Why = "PostgreSQL refuses it (25001), and what stood before it in the transaction is rolled back.",
        Fix = "Move the statement into a file of its own that runs outside of a transaction: `-- +goose NO TRANSACTION`, `-- migrate:up transaction:false`, Flyway's `executeInTransaction=false`.",
        Bad = """
            create table public.notes (id uuid primary key, title text);
            begin;
            create index concurrently notes_title on public.notes (title);
            -- ^^^ PL3015: CREATE INDEX CONCURRENTLY is refused inside a transaction
            commit;
            """,
        Good = """
            create table public.notes (id uuid primary key, title text);
            create index concurrently notes_title on public.notes (title);
            """,
        Sources = ["PostgreSQL manual, CREATE INDEX, DROP INDEX, ALTER TABLE", "squawk ban-concurrent-index-creation-in-transaction"],
    };

    public override bool Concerns(Statement statement) => statement is CreateIndexStatement or DropStatement or AlterTableStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Step.Script.Role == ScriptRole.Query || WhatIsConcurrent(context) is not { } what)
            return;
        var isInBlock = !context.IsTopLevel;
        if (!isInBlock && !(context.Step.IsInTransaction && context.Step.Script.Tree.Statements.Count > 1))
            return;
        var where = isInBlock ? "a block" : "a transaction";
        context.Report(this, Location.Of(context.Step.Origin), what.Subject, $"{what.Command} CONCURRENTLY is refused inside {where}");
    }

    private static (string Command, string Subject)? WhatIsConcurrent(StatementRuleContext context)
    {
        switch (context.Statement)
        {
            case CreateIndexStatement { IsConcurrent: true } create:
                return ("CREATE INDEX", $"{context.Catalog.FindTable(create.Table)?.Id.ToString() ?? create.Table.ToString()}/{create.Name.Text}");
            case DropStatement { Kind: ObjectKind.Index, IsConcurrent: true } drop:
                return ("DROP INDEX", drop.Targets[0].Name.ToString());
            case AlterTableStatement { Kind: RelationKind.Table } alter:
                foreach (var action in alter.Actions)
                {
                    if (action is DetachPartition { IsConcurrent: true } detach)
                        return ("DETACH PARTITION", $"{context.Catalog.FindTable(alter.Table)?.Id.ToString() ?? alter.Table.ToString()}/{detach.Partition}");
                }
                return null;
            default:
                return null;
        }
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class IndexBlocksWrites : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3014",
        Name = "index-blocks-writes",
        Severity = Severity.Warning,
        Title = "CREATE INDEX without CONCURRENTLY on a table in use",
        What = "Reports `CREATE INDEX` without `CONCURRENTLY` on a table that an earlier migration made. Left alone: partitioned tables, which PostgreSQL can't index concurrently, and files that the migration tool runs in a transaction of its own, where the keyword is refused.",
        Why = "Until the index is built nobody can insert, update or delete: every write to the table waits, and so does all that waits for those.",
        Fix = "`CREATE INDEX CONCURRENTLY`, alone in a file that runs outside of a transaction. If it fails it leaves an invalid index: drop that and try again.",
        Bad = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, title text);
            -- file: 2.sql
            create index notes_title on public.notes (title);
            -- ^^^ PL3014: Writes to public.notes wait until the index notes_title is built
            """,
        Good = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, title text);
            -- file: 2.sql
            create index concurrently notes_title on public.notes (title);
            """,
        Sources = ["PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently", "squawk require-concurrent-index-creation"],
    };

    public override bool Concerns(Statement statement) => statement is CreateIndexStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not CreateIndexStatement { IsConcurrent: false } create || context.Step is { IsInTransaction: true, Script.IsOneTransaction: true })
            return;
        if (OlderTables.Find(context, create.Table) is not { Kind: TableKind.Ordinary } table)
            return;
        if (create.IfNotExists && IsThere(table, create.Name.Text))
            return;
        var index = create.Name.IsEmpty ? "the index" : "the index " + create.Name.Text;
        context.Report(
            this, Location.Of(context.Step.Origin), $"{table.Id}/{create.Name.Text}", $"Writes to {table.Id} wait until {index} is built: say CONCURRENTLY, outside of a transaction",
            OlderTables.Proof(table));
    }

    private static bool IsThere(Table table, string name)
    {
        foreach (var index in table.Indexes)
        {
            if (index.Name == name)
                return true;
        }
        return false;
    }
}

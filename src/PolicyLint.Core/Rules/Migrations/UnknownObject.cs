using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class UnknownObject : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3018",
        Name = "unknown-object",
        Severity = Severity.Error,
        Title = "Column that does not exist at that point",
        What = "Reports a column that its relation does not have when the statement runs, the system catalogs and the information schema of PostgreSQL 15 to 18 included. Only relations whose columns are all known are judged, and an unqualified name only where every relation in scope is. Statements inside DO blocks and functions, where a name may be a variable, are not judged.",
        Why = "The statement fails. A check that fails is a check that did not run, and a migration that fails stops half-way.",
        Fix = "Correct the name. FORCE ROW LEVEL SECURITY shows in `pg_class.relforcerowsecurity`; the view `pg_tables` has only `rowsecurity`.",
        Bad = """
            select tablename, rowsecurity, forcerowsecurity from pg_tables where schemaname = 'public';
            --                             ^^^^^^^^^^^^^^^^ PL3018: pg_tables has no column forcerowsecurity; pg_class.relforcerowsecurity
            """,
        Good = """
            select relname, relrowsecurity, relforcerowsecurity from pg_class where relnamespace = 'public'::regnamespace;
            """,
        Sources = ["PostgreSQL manual, chapters 37, 52 and 53"],
    };

    // What these hold is looked at where it runs, or is not followed.
    public override bool Concerns(Statement statement) => statement is not (CreateTableStatement or AlterTableStatement or CreateFunctionStatement or CreateTriggerStatement or CommentStatement);

    public override void Check(StatementRuleContext context)
    {
        if (context.IsTopLevel)
        {
            UnknownColumns.Find(context.Statement, context.Catalog, (column, relation, _) =>
            {
                var hint = column.Text is "forcerowsecurity" ? "; pg_class.relforcerowsecurity says whether row-level security is forced" : "";
                context.Report(this, context.At(column.Span), $"{relation}/{column.Text}", $"{relation} has no column {column.Text}{hint}");
            }, context.Step.IsConditional);
        }
    }
}

using PolicyLint.CSharp.Binding;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class SqlDoesNotFitTheSchema : TextRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5010",
        Name = "sql-does-not-fit-the-schema",
        Severity = Severity.Warning,
        Title = "SQL that the schema does not fit",
        What = "Reports a column that its table does not have, in a text that is wholly constant, and a parameter that the anonymous object beside it does not give. Tables whose columns are not all known are left out, as are texts for another database.",
        Why = "The statement fails when it runs, and what fails is found by users.",
        Fix = "Correct the name, or add the migration that makes the column.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);

            using System.Data;
            using Dapper;

            public sealed class Notes(IDbConnection connection)
            {
                public object Titles(Guid userId) =>
                    connection.Query("select id, titel from notes where user_id = @userId", new { userId });
                //                               ^^^^^ PL5010: public.notes has no column titel
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);

            using System.Data;
            using Dapper;

            public sealed class Notes(IDbConnection connection)
            {
                public object Titles(Guid userId) =>
                    connection.Query("select id, title from notes where user_id = @userId", new { userId });
            }
            """,
    };

    public override void Check(TextRuleContext context)
    {
        if (context.Errors.Count > 0 || context.Text.Holes.Any(hole => !hole.IsPlainValue))
            return;
        foreach (var statement in context.Statements)
            UnknownColumns.Find(statement, context.Project.Catalog, (column, relation) => context.Report(this, column.Span, $"{relation} has no column {column.Text}", relation));
        if (!context.Bindings.IsComplete)
            return;
        var missing = new MissingParameters(context.Bindings);
        foreach (var statement in context.Statements)
            missing.Visit(statement);
        foreach (var parameter in missing.Found)
            context.Report(this, parameter.Span, $"the object beside the statement gives no {parameter.Name.Text}");
    }

    private sealed class MissingParameters(ParameterBindings bindings) : SqlVisitor
    {
        public List<ParameterReference> Found { get; } = [];

        public override void VisitParameterReference(ParameterReference node)
        {
            if (node.Style == ParameterStyle.At && bindings.Find(node) is null)
                Found.Add(node);
        }
    }
}

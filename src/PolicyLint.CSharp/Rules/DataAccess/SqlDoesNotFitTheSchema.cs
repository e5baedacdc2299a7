using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Text;
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
        CodeFix = "Puts the name that was meant, where it is one mistake away (in long names two), and only one column, or only one member of the object that the text does not read, is.",
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
        {
            UnknownColumns.Find(statement, context.Project.Catalog, (column, relation, known) =>
                Report(context, column.Span, $"{relation} has no column {column.Text}", relation, NearestName.FindSlip(column.Text, known), SqlEdit.Name));
        }
        if (!context.Bindings.IsComplete)
            return;
        var parameters = ParameterSearch.In(context.Statements);
        var unread = context.Bindings.Names.Where(name => parameters.All(parameter => !string.Equals(parameter.Name.Text, name, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var parameter in parameters)
        {
            if (parameter.Style == ParameterStyle.At && context.Bindings.Find(parameter) is null)
                Report(context, parameter.Span, $"the object beside the statement gives no {parameter.Name.Text}", "", NearestName.FindSlip(parameter.Name.Text, unread), name => "@" + name);
        }
    }

    private void Report(TextRuleContext context, TextSpan span, string message, string table, string? meant, Func<string, string> write)
    {
        if (meant is null)
            context.Report(this, span, message, table);
        else
            context.Report(this, span, $"{message}: did you mean {meant}?", table, SqlEdit.InCode(context, $"Change it to {meant}", [new(span.Start, span.End, write(meant))]));
    }
}

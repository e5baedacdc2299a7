using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Sinks;
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
        What = "Reports, in a text that is wholly constant, a column that its table does not have, a table that no migration makes where the name of one is a slip away, and a parameter that the anonymous object beside it does not give; and what PostgreSQL cannot read, where it is given to a command or connection of Npgsql. Tables whose columns are not all known are left out, as are texts that may be for another database.",
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
        if (context.Text.Holes.Any(hole => !hole.IsPlainValue))
            return;
        if (context.Errors.Count > 0)
        {
            // Of several texts, one may belong to a path that is never taken.
            if (IsStatement(context) && IsForPostgres(context) && context.Project.SiteOf(context.Call.Operation, context.Cancellation) is { Texts.Count: 1, Unread.Length: 0 })
                Report(context, context.Errors[0].Span, $"PostgreSQL can't read this: {context.Errors[0].Message}", "", null, SqlEdit.Name);
            return;
        }
        foreach (var statement in context.Statements)
        {
            UnknownColumns.Find(
                statement, context.Project.Catalog,
                (column, relation, known) => Report(context, column.Span, $"{relation} has no column {column.Text}", relation, NearestName.FindSlip(column.Text, known), SqlEdit.Name),
                reportRelation: name => CheckRelation(context, name));
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

    // A table may be made by what is not read here; a name that is a slip away from one that is known is none of those.
    private void CheckRelation(TextRuleContext context, ObjectName name)
    {
        var catalog = context.Project.Catalog;
        if (catalog.UnknownEffects.Count > 0)
            return;
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var relation in catalog.Relations.Values)
        {
            if (relation is Table or View && !relation.IsForeignOwned && !relation.IsAssumed && (name.Schema is null || relation.Id.Schema == name.Schema))
                known.Add(relation.Id.Name);
        }
        if (NearestName.FindSlip(name.Name.Text, known) is { } meant)
            Report(context, name.Name.Span, $"no migration makes a table {name.Name.Text}", "", meant, SqlEdit.Name);
    }

    // What takes a whole statement, and not the name of a procedure.
    private static bool IsStatement(TextRuleContext context)
    {
        if (!SqlSinks.All.Contains(context.Call.Sink))
            return false;
        foreach (var c in context.Text.Text.Trim())
        {
            if (char.IsWhiteSpace(c))
                return true;
        }
        return false;
    }

    // The statement or its connection is Npgsql's own.
    private static bool IsForPostgres(TextRuleContext context)
    {
        var type = context.Call.Operation switch
        {
            IInvocationOperation { Instance: { } instance } => instance.Type,
            IInvocationOperation { Arguments: [{ Value: var first }, ..] } => first.WithoutConversions().Type,
            ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } instance } } => instance.WithoutConversions().Type,
            var operation => operation.Type,
        };
        return type is { ContainingNamespace: { Name: "Npgsql", ContainingNamespace.IsGlobalNamespace: true } };
    }

    private void Report(TextRuleContext context, TextSpan span, string message, string table, string? meant, Func<string, string> write)
    {
        if (meant is null)
            context.Report(this, span, message, table);
        else
            context.Report(this, span, $"{message}: did you mean {meant}?", table, SqlEdit.InCode(context, $"Change it to {meant}", [new(span.Start, span.End, write(meant))]));
    }
}

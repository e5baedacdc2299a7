using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class SqlConcatenated : TextRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5009",
        Name = "sql-concatenated",
        Severity = Severity.Error,
        Title = "SQL built from values that are not constants",
        What = "Reports a string that is put into the text of a statement where a value stands, quoted or not, and any text that comes from the request. Constants, numbers, Guids and dates are no danger and are not reported; neither are names of tables and columns that the program itself gives.",
        Why = "Whoever chooses the value chooses the statement: a condition on the tenant ends at the first quote.",
        Fix = "Send the value as a parameter. Names of columns: choose them from constants by a switch.",
        CodeFix = "Sends a string as a parameter where it is compared with a column of text, and joins what stands around it in quotes by `||`.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using System.Data;
            using Dapper;

            public sealed class Notes(IDbConnection connection)
            {
                public object Search(Guid userId, string title) =>
                    connection.Query($"select id from notes where user_id = @userId and title = '{title}'", new { userId });
                //                                                                                ^^^^^ PL5009: title becomes part of the statement
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using System.Data;
            using Dapper;

            public sealed class Notes(IDbConnection connection)
            {
                public object Search(Guid userId, string title) =>
                    connection.Query("select id from notes where user_id = @userId and title = @title", new { userId, title });
            }
            """,
    };

    public override void Check(TextRuleContext context)
    {
        var values = new HashSet<SqlHole>();
        foreach (var statement in context.Statements)
            values.UnionWith(HoleUses.In(statement, context.Text).Values);
        foreach (var hole in context.Text.Holes)
        {
            if (hole.IsPlainValue || hole.Value is not { Type.SpecialType: SpecialType.System_String } value)
                continue;
            var isValue = values.Contains(hole) && value is IParameterReferenceOperation or IPropertyReferenceOperation { Instance: IParameterReferenceOperation or ILocalReferenceOperation };
            if (isValue || context.Project.Origins.Of(value, context.Cancellation).Origin == ValueOrigin.Request)
                context.Report(this, context.Text.LocateHole(hole), $"{value.Syntax} becomes part of the statement: whoever gives it writes SQL", fix: ConcatenatedValue.Of(context, hole));
        }
    }
}

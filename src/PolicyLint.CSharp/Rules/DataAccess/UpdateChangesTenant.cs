using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;
using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class UpdateChangesTenant : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5005",
        Name = "update-changes-tenant",
        Severity = Severity.Error,
        Title = "UPDATE that sets the tenancy column",
        What = "Reports an UPDATE that assigns the tenancy column of a tenant table, other than to itself.",
        Why = "A row changes hands: with a value from outside, one user gives rows to another or takes them.",
        Fix = "Leave the column out of the UPDATE. Where rows are meant to be handed over, do it in a function that checks both sides, and accept the finding there.",
        CodeFix = "Takes the assignment out of SET, where something else is set. The value goes on being sent where it was, unread.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using System.Data;
            using Dapper;

            public sealed class Notes(IDbConnection connection)
            {
                public void Save(Guid id, Guid userId, Guid owner, string title) =>
                    connection.Execute("update notes set title = @title, user_id = @owner where id = @id and user_id = @userId", new { id, userId, owner, title });
                //                                                       ^^^^^^^^^^^^^^^^ PL5005: user_id of notes is set
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using System.Data;
            using Dapper;

            public sealed class Notes(IDbConnection connection)
            {
                public void Save(Guid id, Guid userId, string title) =>
                    connection.Execute("update notes set title = @title where id = @id and user_id = @userId", new { id, userId, title });
            }
            """,
    };

    public override void Check(SiteRuleContext context)
    {
        if (context.Statement is not UpdateStatement update)
            return;
        foreach (var occurrence in context.Occurrences)
        {
            if (occurrence is not { Kind: OccurrenceKind.Update, AssignsKey: { } span } || IsUnchanged(update, span, occurrence.Key.Column.Name))
                continue;
            context.Report(this, span, $"{occurrence.Key.Column.Name} of {occurrence.Table.Id.Name} is set: the row changes hands", occurrence.Table.Id.ToString(), AssignmentRemoval.Of(context, update, span, occurrence.Key.Column.Name));
        }
    }

    // `set user_id = user_id`, and the value that the conditions ask for.
    private static bool IsUnchanged(UpdateStatement update, TextSpan span, string column)
    {
        foreach (var assignment in update.Assignments)
        {
            if (assignment.Span != span)
                continue;
            var value = assignment.Value is CastExpression cast ? cast.Operand : assignment.Value;
            if (value is ColumnReference same && same.Name.Name.Text == column)
                return true;
            return value is ParameterReference parameter && KeyComparison.Parameters(update.Where, column).Any(compared => compared.Name.Text == parameter.Name.Text && compared.Number == parameter.Number);
        }
        return false;
    }
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class WriteWithoutTenantFilter : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5002",
        Name = "write-without-tenant-filter",
        Severity = Severity.Error,
        Title = "UPDATE, DELETE or MERGE of a tenant table without its tenancy condition",
        What = "Reports an UPDATE, DELETE or MERGE whose conditions do not imply that the tenancy column of the table it writes equals a value that is given.",
        Why = "The statement changes the rows of all users who match its other conditions; an id that is guessed or leaked is enough.",
        Fix = "Add the condition: `AND user_id = @userId`, bound to the authenticated user.",
        CodeFix = "As for PL5001: adds the condition to the statement and the parameter to what is sent beside it.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Dapper;

            public sealed class Notes(System.Data.IDbConnection connection)
            {
                public void Rename(System.Guid id, string title) =>
                    connection.Execute("update notes set title = @title where id = @id", new { id, title });
                //                             ^^^^^ PL5002: notes is updated without a condition on user_id
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Dapper;

            public sealed class Notes(System.Data.IDbConnection connection)
            {
                public void Rename(System.Guid id, System.Guid userId, string title) =>
                    connection.Execute("update notes set title = @title where id = @id and user_id = @userId", new { id, userId, title });
            }
            """,
        UsesProver = true,
    };

    public override bool YieldsToRowSecurity => true;

    public override void Check(SiteRuleContext context)
    {
        foreach (var occurrence in context.Occurrences)
        {
            var verb = occurrence.Kind switch
            {
                OccurrenceKind.Update => "updated",
                OccurrenceKind.Delete => "deleted from",
                OccurrenceKind.Merge => "merged into",
                _ => null,
            };
            if (verb is not null && occurrence.Verdict is Verdict.Refuted)
                context.Report(this, occurrence.Span, $"{occurrence.Table.Id.Name} is {verb} without a condition on {occurrence.Key.Column.Name}: the rows of all users are in reach", occurrence.Table.Id.ToString(), TenantPredicate.Of(context));
        }
    }
}

using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class QueryWithoutTenantFilter : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5001",
        Name = "query-without-tenant-filter",
        Severity = Severity.Warning,
        Title = "Query that reads a tenant table without its tenancy condition",
        What = "Reports each place in a query where a tenant table is read and the conditions do not imply that its tenancy column equals a value that is given. Every occurrence is judged alone: joins, CTEs, subqueries, unions. Equality carries over joins. A view is judged by the rows that it shows: a condition on its column that shows the tenancy column counts.",
        Why = "Without row-level security the query shows every user's rows to whoever runs it; with it, one switched-off policy away.",
        Fix = "Add the condition: `AND n.user_id = @userId`, bound to the authenticated user.",
        CodeFix = "Adds the condition to the statement, for each of its tables that lacks one, and the parameter to the object, DynamicParameters or command beside it. Offered where the call has one text of its own, and the user is known: by `csharp.user`, by a variable or member named like the column, or by a parameter that the statement already compares.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Dapper;

            public sealed class Notes(System.Data.IDbConnection connection)
            {
                public object All() =>
                    connection.Query("select id, title from notes");
                //                                          ^^^^^ PL5001: notes is read without a condition on user_id
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Dapper;

            public sealed class Notes(System.Data.IDbConnection connection)
            {
                public object Mine(System.Guid userId) =>
                    connection.Query("select id, title from notes where user_id = @userId", new { userId });
            }
            """,
        UsesProver = true,
    };

    public override bool YieldsToRowSecurity => true;

    public override void Check(SiteRuleContext context)
    {
        foreach (var occurrence in context.Occurrences)
        {
            if (occurrence.Kind == OccurrenceKind.Read && occurrence.Verdict is Verdict.Refuted && !occurrence.IsOfPrincipals)
                context.Report(this, occurrence.Span, $"{occurrence.Table.Id.Name} is read without a condition on {occurrence.Key.Column.Name}: the rows of all users are in reach", occurrence.Table.Id.ToString(), TenantPredicate.Of(context));
        }
    }
}

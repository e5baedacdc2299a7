using PolicyLint.Core.Access;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class InsertWithoutTenant : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5003",
        Name = "insert-without-tenant",
        Severity = Severity.Error,
        Title = "INSERT into a tenant table that does not set its tenancy column",
        What = "Reports an INSERT that leaves the tenancy column out, where the column has no default that reads the session and no trigger fills it.",
        Why = "The row belongs to nobody, or the statement fails on NOT NULL; in neither case does it reach the user who made it.",
        Fix = "Set the column to the authenticated user.",
        CodeFix = "Adds the column to the list, and to each row of VALUES or to the SELECT a parameter that the user is bound to: what `csharp.user` names, or a variable or member named like the column. Offered where the call has one text of its own that names its columns.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Dapper;

            public sealed class Notes(System.Data.IDbConnection connection)
            {
                public void Add(System.Guid id, string title) =>
                    connection.Execute("insert into notes (id, title) values (@id, @title)", new { id, title });
                //                                  ^^^^^ PL5003: the row for notes has no user_id
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Dapper;

            public sealed class Notes(System.Data.IDbConnection connection)
            {
                public void Add(System.Guid id, System.Guid userId, string title) =>
                    connection.Execute("insert into notes (id, user_id, title) values (@id, @userId, @title)", new { id, userId, title });
            }
            """,
    };

    public override void Check(SiteRuleContext context)
    {
        foreach (var occurrence in context.Occurrences)
        {
            if (occurrence.Kind == OccurrenceKind.Insert && occurrence.Verdict is Verdict.Refuted)
                context.Report(this, occurrence.Span, $"the row for {occurrence.Table.Id.Name} has no {occurrence.Key.Column.Name}: it belongs to nobody", occurrence.Table.Id.ToString(), TenantColumn.Of(context, occurrence));
        }
    }
}

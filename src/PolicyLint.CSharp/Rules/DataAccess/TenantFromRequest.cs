using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class TenantFromRequest : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5004",
        Name = "tenant-from-request",
        Severity = Severity.Error,
        Title = "Tenant taken from the request and not from the authenticated user",
        What = "Reports a statement whose tenancy column is compared with, or set to, a parameter that is bound to a route value, query string, header or body: followed through anonymous objects, DynamicParameters, AddWithValue, NpgsqlParameter, variables, constructors and callers. Silent where the statement compares the authenticated user too, or where the code looks at the value first: a condition on it, a call that by its name decides access, a policy on the action.",
        Why = "The condition is there and filters by what the caller wrote: another id in the URL shows another tenant's rows.",
        Fix = "Take the value from the authenticated user: a claim, or what `csharp.user` in policylint.yml names.",
        CodeFix = "Binds the parameter to the user instead: what `csharp.user` names, through what is in scope, or a variable or member named like the column that the request does not give. Offered where the request comes in beside the call and the parameter is compared with nothing but the tenancy column.",
        Bad = """
            // create table notes (id uuid primary key, tenant_id uuid not null, title text not null);
            using System.Data;
            using Dapper;
            using Microsoft.AspNetCore.Mvc;

            public sealed class NotesController(IDbConnection connection) : ControllerBase
            {
                [HttpGet("tenants/{tenantId}/notes")]
                public object All(Guid tenantId) =>
                    connection.Query("select id, title from notes where tenant_id = @tenantId", new { tenantId });
                //                                                                  ^^^^^^^^^ PL5004: tenant_id of notes is compared with tenantId, which the request gives
            }
            """,
        Good = """
            // create table notes (id uuid primary key, tenant_id uuid not null, title text not null);
            using System.Data;
            using System.Security.Claims;
            using Dapper;
            using Microsoft.AspNetCore.Mvc;

            public sealed class NotesController(IDbConnection connection) : ControllerBase
            {
                [HttpGet("notes")]
                public object All() =>
                    connection.Query("select id, title from notes where tenant_id = @tenantId", new { tenantId = Guid.Parse(User.FindFirstValue("tenant")!) });
            }
            """,
    };

    public override void Check(SiteRuleContext context)
    {
        var comparisons = new List<(KeyComparison Comparison, IOperation Value)>();
        foreach (var comparison in KeyComparison.In(context.Statement, context.Occurrences))
        {
            // Which of my groups is asked for is the request's to say; whether it is mine, the policy's.
            if (comparison.Occurrence.Key.Goal is not { Tree: InSubquery } && context.Bindings.Find(comparison.Parameter) is { } value && !context.Project.IsGuardedByRowSecurity(comparison.Occurrence.Table, context.Cancellation))
                comparisons.Add((comparison, value));
        }
        if (comparisons.Count == 0)
            return;
        foreach (var value in context.Bindings.Values)
        {
            if (context.Project.Origins.Of(value, context.Cancellation).Origin == ValueOrigin.User)
                return;
        }
        foreach (var (comparison, value) in comparisons)
        {
            var (origin, source) = context.Project.Origins.Of(value, context.Cancellation);
            if (origin != ValueOrigin.Request)
                continue;
            var verb = comparison.IsWritten ? "set to" : "compared with";
            context.Report(this, comparison.Parameter.Span, $"{comparison.Occurrence.Key.Column.Name} of {comparison.Occurrence.Table.Id.Name} is {verb} {source!.Syntax}, which the request gives: whoever asks chooses the tenant", comparison.Occurrence.Table.Id.ToString(), UserInPlace.Of(context, comparison, value, source));
        }
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.Conventions;

internal sealed class EndpointWithoutAuthorization : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL6004",
        Name = "endpoint-without-authorization",
        Severity = Severity.Warning,
        Title = "Endpoint on tenant data without authorization",
        What = "Reports a controller action whose own body runs SQL or a query on a tenant table, where neither the action nor the controller nor a base class has `[Authorize]` (or an attribute of the project's own that filters), the action does not look at the user or turn callers away itself, in a project whose other endpoints have it. Silent where the project sets a fallback policy, a global filter or `RequireAuthorization`.",
        Why = "Anyone can call it: there is no user whose rows it could mean.",
        Fix = "Add `[Authorize]`, or `[AllowAnonymous]` where it is meant for everyone.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            using System.Data;
            using System.Security.Claims;
            using Dapper;
            using Microsoft.AspNetCore.Authorization;
            using Microsoft.AspNetCore.Mvc;

            [Authorize]
            public sealed class AccountController : ControllerBase;


            public sealed class NotesController(IDbConnection connection) : ControllerBase
            {
                [HttpGet("notes/{userId}")]
                public object Of(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
                //            ^^ PL6004: Of reaches notes and asks for no authorization
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            using System.Data;
            using System.Security.Claims;
            using Dapper;
            using Microsoft.AspNetCore.Authorization;
            using Microsoft.AspNetCore.Mvc;

            [Authorize]
            public sealed class AccountController : ControllerBase;


            [Authorize]
            public sealed class NotesController(IDbConnection connection) : ControllerBase
            {
                [HttpGet("notes")]
                public object Mine() => connection.Query("select id from notes where user_id = @userId", new { userId = Guid.Parse(User.FindFirstValue("sub")!) });
            }
            """,
    };

    internal override bool IsOfConcern(Compilation compilation) => !compilation.GetTypesByMetadataName("Microsoft.AspNetCore.Mvc.ControllerBase").IsEmpty;

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        if (project.TableAt(context.Operation, context.Cancellation) is not { } table)
            return;
        if (project.Code.ModelOf(context.Operation.Syntax.SyntaxTree).GetEnclosingSymbol(context.Operation.Syntax.SpanStart, context.Cancellation) is not { } symbol)
            return;
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
            symbol = symbol.ContainingSymbol;
        if (symbol is not IMethodSymbol action || !Endpoints.IsAction(action) || Authorization.IsStated(action) || !project.Authorization.IsByAttribute)
            return;
        foreach (var operation in ParameterBindings.RootOf(context.Operation).Descendants())
        {
            // The action turns callers away itself.
            if (operation is IInvocationOperation { TargetMethod: { Name: "Unauthorized" or "Forbid" or "Challenge", ContainingType.Name: "ControllerBase" } } or IPropertyReferenceOperation { Property: { Name: "User", ContainingType.Name: "ControllerBase" } })
                return;
            // One finding an action.
            if (operation.Syntax.SpanStart < context.Operation.Syntax.SpanStart && project.TableAt(operation, context.Cancellation) is not null)
                return;
        }
        context.Report(this, action.Locations[0], $"{action.Name} reaches {table.Id.Name} and asks for no authorization", table.Id.ToString());
    }
}

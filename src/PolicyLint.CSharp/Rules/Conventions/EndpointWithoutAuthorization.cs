using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using Location = Microsoft.CodeAnalysis.Location;

namespace PolicyLint.CSharp.Rules.Conventions;

internal sealed class EndpointWithoutAuthorization : OperationRule
{
    // What is called before there is a user, or by machines that show a secret of their own.
    private static readonly string[] ActsBeforeLogin = ["Login", "SignIn", "SignUp", "Register", "Refresh", "Token", "Password", "Confirm", "Verify", "Callback", "Webhook", "Health"];

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL6004",
        Name = "endpoint-without-authorization",
        Severity = Severity.Warning,
        Title = "Endpoint on tenant data without authorization",
        What = "Reports a controller action that runs SQL or a query on a tenant table, itself or by the methods of the project that it calls, where neither the action nor the controller nor a base class has `[Authorize]` (or an attribute of the project's own that filters), in a project whose other controllers have it; and the same of a handler of a minimal API without `RequireAuthorization`, on itself or its group, in a project that calls it elsewhere. Silent where the code looks at the user or turns callers away, and where the project sets a fallback policy or a global filter.",
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

    internal override bool IsOfConcern(Compilation compilation) =>
        !compilation.GetTypesByMetadataName("Microsoft.AspNetCore.Mvc.ControllerBase").IsEmpty || !compilation.GetTypesByMetadataName("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions").IsEmpty;

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        var isDirect = project.TableAt(context.Operation, context.Cancellation) is not null;
        if (!isDirect && context.Operation is not IInvocationOperation { TargetMethod.ContainingType.DeclaringSyntaxReferences.Length: > 0 })
            return;
        if (EndpointOf(context) is not var (name, place, body) || !isDirect && ActsBeforeLogin.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0))
            return;
        if (TableOf(context, context.Operation) is not { } table)
            return;
        foreach (var operation in body.Descendants())
        {
            // The endpoint turns callers away itself.
            if (operation is IInvocationOperation { TargetMethod: { Name: "Unauthorized" or "Forbid" or "Challenge", ContainingType.Name: "ControllerBase" or "Results" or "TypedResults" } } || TenantReach.AsksForUser(operation))
                return;
            // One finding an endpoint.
            if (operation.Syntax.SpanStart < context.Operation.Syntax.SpanStart && TableOf(context, operation) is not null)
                return;
        }
        context.Report(this, place, $"{name} reaches {table.Id.Name} and asks for no authorization", table.Id.ToString());
    }

    private static Table? TableOf(OperationRuleContext context, IOperation operation) =>
        context.Project.TableAt(operation, context.Cancellation) ?? (operation is IInvocationOperation call ? context.Project.Reach.Of(call, context.Cancellation) : null);

    // The action or handler that the operation stands in, where others ask for authorization and it does not.
    private static (string Name, Location Place, IOperation Body)? EndpointOf(OperationRuleContext context)
    {
        for (var operation = context.Operation.Parent; operation is not null; operation = operation.Parent)
        {
            if (operation is not IAnonymousFunctionOperation handler || handler.Parent is not (IDelegateCreationOperation or IConversionOperation) || Endpoints.MappingOf(handler.Parent) is not { } mapping)
                continue;
            return !context.Project.Authorization.IsByCall || Authorization.IsStated(mapping) || mapping.Arguments is not [_, { Value: var route }, ..]
                ? null
                : (route.ConstantValue.Value as string ?? route.Syntax.ToString(), route.Syntax.GetLocation(), handler.Body);
        }
        // An action is a public method; to ask the syntax first costs least, and this is asked at every call.
        return context.Operation.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.PublicKeyword) && context.Project.Authorization.IsByAttribute
            && context.Project.Code.ModelOf(method.SyntaxTree).GetDeclaredSymbol(method, context.Cancellation) is { } action && Endpoints.IsAction(action) && !Authorization.IsStated(action)
            ? (action.Name, action.Locations[0], ParameterBindings.RootOf(context.Operation))
            : null;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.Conventions;

internal sealed class UserTakenFromRequest : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL6005",
        Name = "user-taken-from-request",
        Severity = Severity.Error,
        Title = "User of a scoped repository taken from the request",
        What = "Reports an argument of the constructor of a class that derives from `csharp.repository-base` (or of its `base(…)` call) that comes from route, query, header or body. Information where the base is not configured but seen (PL6001).",
        Why = "The scope is only as good as the user it is made with: here the caller names it.",
        Fix = "Take the user from the authenticated principal.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            using System.Data;
            using Dapper;
            using Microsoft.AspNetCore.Mvc;

            namespace App;

            public abstract class UserScoped(IDbConnection connection, Guid userId)
            {
                protected Guid UserId => userId;

                protected IDbConnection Connection => connection;
            }


            public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

            public sealed class NotesController(IDbConnection connection) : ControllerBase
            {
                [HttpGet("users/{user}/notes")]
                public object Of(Guid user) => new NoteRepository(connection, user);
                //                                                            ^^^^ PL6005: the user of NoteRepository is user, which the request gives
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            using System.Data;
            using System.Security.Claims;
            using Dapper;
            using Microsoft.AspNetCore.Mvc;

            namespace App;

            public abstract class UserScoped(IDbConnection connection, Guid userId)
            {
                protected Guid UserId => userId;

                protected IDbConnection Connection => connection;
            }


            public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

            public sealed class NotesController(IDbConnection connection) : ControllerBase
            {
                [HttpGet("notes")]
                public object Mine() => new NoteRepository(connection, Guid.Parse(User.FindFirstValue("sub")!));
            }
            """,
        ExampleConfiguration = "csharp:\n  repository-base: App.UserScoped\n",
    };

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        if (context.Operation is not IObjectCreationOperation { Type: { } type } creation || project.ScopedBase is not { } scoped || !scoped.IsBaseOf(type))
            return;
        foreach (var argument in creation.Arguments)
        {
            var (origin, source) = project.Origins.Of(argument.Value, context.Cancellation);
            if (origin == ValueOrigin.Request)
                context.Report(this, argument.Syntax.GetLocation(), $"the user of {type.Name} is {source!.Syntax}, which the request gives: whoever asks chooses the user", isCertain: scoped.IsConfigured);
        }
    }
}

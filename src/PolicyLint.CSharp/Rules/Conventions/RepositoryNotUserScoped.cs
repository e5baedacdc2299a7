using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.Conventions;

internal sealed class RepositoryNotUserScoped : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL6001",
        Name = "repository-not-user-scoped",
        Severity = Severity.Warning,
        Title = "Repository over a tenant table that does not derive from the user-scoped base",
        What = "Reports a class whose name ends in Repository or Store, that runs SQL or queries on a tenant table and does not derive from the class that `csharp.repository-base` names; as information, where none is configured, from the one abstract class that carries the user and that most repositories of the project derive from.",
        Why = "The base carries the user and the filter; a repository beside it has neither, and nothing shows that it is missing.",
        Fix = "Derive from the base and use its filter.",
        CodeFix = "Derives the class from the base, and hands on what the base's constructor takes. Offered where nothing else in the code must change.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            using System.Data;
            using Dapper;

            namespace App;

            public abstract class UserScoped(IDbConnection connection, Guid userId)
            {
                protected Guid UserId => userId;

                protected IDbConnection Connection => connection;
            }


            public sealed class NoteRepository(IDbConnection connection)
            {
                public object Mine(Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
                //                                 ^^^^^^^^^^^^^^^^ PL6001: NoteRepository reads notes and does not derive from App.UserScoped
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            using System.Data;
            using Dapper;

            namespace App;

            public abstract class UserScoped(IDbConnection connection, Guid userId)
            {
                protected Guid UserId => userId;

                protected IDbConnection Connection => connection;
            }


            public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId)
            {
                public object Mine() => Connection.Query("select id from notes where user_id = @userId", new { userId = UserId });
            }
            """,
        ExampleConfiguration = "csharp:\n  repository-base: App.UserScoped\n",
    };

    internal override bool IsOfSites => true;

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        if (context.Operation.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration || !ScopedBase.IsRepository(declaration.Identifier.ValueText) || project.ScopedBase is not { Type: var required } scoped
            || project.TableAt(context.Operation, context.Cancellation) is not { } table || project.Code.ModelOf(declaration.SyntaxTree).GetDeclaredSymbol(declaration, context.Cancellation) is not { } type || SymbolEqualityComparer.Default.Equals(type, required) || scoped.IsBaseOf(type))
            return;
        var place = context.Operation.Syntax is InvocationExpressionSyntax { Expression: var called } ? called : context.Operation.Syntax;
        context.Report(this, place.GetLocation(), $"{type.Name} reads {table.Id.Name} and does not derive from {required.ToDisplayString()}", table.Id.ToString(), UserScopedBase.Of(project, type, required, context.Cancellation), scoped.IsConfigured);
    }
}

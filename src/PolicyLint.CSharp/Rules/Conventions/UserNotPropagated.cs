using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.Rules.Conventions;

internal sealed class UserNotPropagated : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL6003",
        Name = "user-not-propagated",
        Severity = Severity.Warning,
        Title = "User-scoped repository without a user",
        What = "Reports a class that makes a repository derived from `csharp.repository-base` with a literal, a default or an empty Guid for its user, and a class that is given one, calls it, and never tells it the user where the base asks for that by a property or method (`UserId`, `ForUser(userId)`). Information where the base is not configured but seen (PL6001). A repository that takes its user in its constructor and is made elsewhere is taken to have it.",
        Why = "The repository's filter compares with nobody: it finds nothing, or what belongs to nobody in particular.",
        Fix = "Take the authenticated user in the service and pass it on.",
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

            public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

            public sealed class NoteService(IDbConnection connection)
            {
                private readonly NoteRepository _notes = new(connection, Guid.Empty);
                //                                                       ^^^^^^^^^^ PL6003: NoteRepository is made without a user

                public object Notes => _notes;
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

            public sealed class NoteRepository(IDbConnection connection, Guid userId) : UserScoped(connection, userId);

            public sealed class NoteService(IDbConnection connection, Guid userId)
            {
                private readonly NoteRepository _notes = new(connection, userId);

                public object Notes => _notes;
            }
            """,
        ExampleConfiguration = "csharp:\n  repository-base: App.UserScoped\n",
    };

    public override void Check(OperationRuleContext context)
    {
        if (context.Operation is not (IObjectCreationOperation or IInvocationOperation) || context.Project.ScopedBase is not { Type: var required } scoped)
            return;
        if (context.Operation is IObjectCreationOperation creation && scoped.IsBaseOf(creation.Type))
        {
            // new NoteRepository(connection).WithUser(userId)
            if (creation.Parent is IInvocationOperation { Arguments: var told } && told.Any(argument => argument.Parameter is { } parameter && ScopedBase.IsUserName(parameter.Name)))
                return;
            foreach (var argument in creation.Arguments)
            {
                if (argument.Parameter is { } parameter && ScopedBase.IsUserName(parameter.Name) && IsNobody(argument.Value))
                    context.Report(this, argument.Syntax.GetLocation(), $"{creation.Type!.Name} is made without a user", isCertain: scoped.IsConfigured);
            }
        }
        else if (context.Operation is IInvocationOperation { Instance: IMemberReferenceOperation or IParameterReferenceOperation } call && scoped.IsBaseOf(call.Instance!.Type) && TellerOf(required) is { } teller)
        {
            CheckHolder(context, call, scoped, teller);
        }
    }

    // At the first call that the class makes of the repository.
    private void CheckHolder(OperationRuleContext context, IInvocationOperation call, ScopedBase scoped, ISymbol teller)
    {
        if (call.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } holder || scoped.Holds(context.Project, call, context.Cancellation))
            return;
        var field = call.Instance is IMemberReferenceOperation member ? member.Member.Name : ((IParameterReferenceOperation)call.Instance!).Parameter.Name;
        foreach (var name in holder.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText == teller.Name)
                return;
            if (name.Identifier.ValueText != field)
                continue;
            ExpressionSyntax use = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own : name;
            var isHandedOn = use.Parent is ArgumentSyntax;
            var isCalledBefore = use.SpanStart < call.Instance!.Syntax.SpanStart && use.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access && access.Expression == use;
            if (isHandedOn || isCalledBefore)
                return;
        }
        if (call.Arguments.Any(argument => argument.Parameter is { } parameter && ScopedBase.IsUserName(parameter.Name)))
            return;
        context.Report(this, call.Instance!.Syntax.GetLocation(), $"{holder.Identifier.ValueText} uses {call.Instance.Type!.Name} and never tells it the user ({scoped.Type.Name}.{teller.Name})", isCertain: scoped.IsConfigured);
    }

    // What the base is told the user by: a property that is set, a method that takes it.
    private static ISymbol? TellerOf(INamedTypeSymbol required)
    {
        foreach (var member in required.GetMembers())
        {
            if (member.DeclaredAccessibility != Accessibility.Public || member.IsStatic)
                continue;
            if (member is IPropertySymbol { SetMethod: { IsInitOnly: false, DeclaredAccessibility: Accessibility.Public } } && ScopedBase.IsUserName(member.Name))
                return member;
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, Parameters: [var only] } && ScopedBase.IsUserName(only.Name) && member.Name.IndexOf("User", StringComparison.Ordinal) + member.Name.IndexOf("Tenant", StringComparison.Ordinal) > -2)
                return member;
        }
        return null;
    }

    private static bool IsNobody(IOperation value)
    {
        value = value.WithoutConversions();
        if (value is ILocalReferenceOperation local && ParameterBindings.SingleValueOf(local) is { } initial)
            value = initial;
        return value is ILiteralOperation or IDefaultValueOperation or IFieldReferenceOperation { Field: { Name: "Empty", IsStatic: true } };
    }
}

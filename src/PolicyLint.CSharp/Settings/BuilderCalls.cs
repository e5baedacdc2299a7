using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Settings;

/// <summary>What code says to a builder of connection strings, by its syntax.</summary>
internal static class BuilderCalls
{
    private const string Builder = "NpgsqlConnectionStringBuilder";

    /// <summary>A builder is made here.</summary>
    public static bool IsBuilder(BaseObjectCreationExpressionSyntax creation) => creation switch
    {
        ObjectCreationExpressionSyntax { Type: var type } => IsBuilder(type),
        { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } } } => IsBuilder(declaration.Type),
        { Parent: EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } } => IsBuilder(property.Type),
        { Parent: ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax property } } => IsBuilder(property.Type),
        { Parent: ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } } => IsBuilder(method.ReturnType),
        _ => false,
    };

    /// <summary>The text that a builder begins with, and all that is assigned to it.</summary>
    public static ConnectionString Read(BaseObjectCreationExpressionSyntax creation, FixedNames names)
    {
        var text = creation.ArgumentList is { Arguments: [{ Expression: var first }, ..] } ? CodeText.Of(first, names) : new();
        var keys = new List<ConnectionKey>();
        foreach (var expression in creation.Initializer is { } initializer ? initializer.Expressions : default)
        {
            if (expression is AssignmentExpressionSyntax assignment)
                keys.Add(KeyOf(assignment, names));
        }
        if (creation.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } && FixedNames.ScopeOf(declarator) is { } scope)
        {
            foreach (var node in scope.DescendantNodes())
            {
                if (node is AssignmentExpressionSyntax later && ReceiverOf(later.Left) is { } receiver && NameOf(receiver) == declarator.Identifier.ValueText)
                    keys.Add(KeyOf(later, names) with { IsPossible = BlockOf(later) is not { } block || !ReferenceEquals(block, BlockOf(declarator)) });
                // What another method does to it is not known.
                else if (node is ArgumentSyntax { Expression: IdentifierNameSyntax passed } && passed.Identifier.ValueText == declarator.Identifier.ValueText && node.Parent?.Parent is InvocationExpressionSyntax { Expression: not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Create" } })
                    keys.Add(new("", CodeText.HoleText, node.Span));
            }
        }
        return ConnectionString.OfBuilder(text, creation.SyntaxTree.FilePath, keys);
    }

    /// <summary>The key that is assigned; one without a name where that may be any.</summary>
    public static ConnectionKey KeyOf(AssignmentExpressionSyntax assignment, FixedNames names)
    {
        if (KeyNameOf(assignment.Left) is not { } name || name is "ConnectionString")
            return new("", CodeText.HoleText, assignment.Span);
        return new(name, CodeText.Of(assignment.Right, names).Text.Trim(), assignment.Span) { Assignment = assignment.Span, AssignedValue = assignment.Right.Span };
    }

    /// <summary>What is assigned has the name of a key that may keep a session's settings.</summary>
    public static bool MayKeep(AssignmentExpressionSyntax assignment) => KeyNameOf(assignment.Left) is "NoResetOnClose" or "No Reset On Close" or "Multiplexing" or "Host" or "Server" or "Port";

    /// <summary>The assignment is one to a builder whose making is in the file: it is read there.</summary>
    public static bool IsOfSeenBuilder(AssignmentExpressionSyntax assignment, FixedNames names)
    {
        if (assignment.Parent is InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax creation })
            return IsBuilder(creation);
        return ReceiverOf(assignment.Left) is { } receiver && DeclaratorOf(receiver, names) is { Initializer.Value: BaseObjectCreationExpressionSyntax made } declarator && IsBuilder(made) && FixedNames.ScopeOf(declarator) is not null;
    }

    /// <summary>The assignment is one to a builder: by its declaration, as that of a data source, or by a name that only builders have.</summary>
    public static bool IsOfBuilder(AssignmentExpressionSyntax assignment, FixedNames names)
    {
        var name = KeyNameOf(assignment.Left);
        var receiver = ReceiverOf(assignment.Left);
        if (receiver is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConnectionStringBuilder" })
            return true;
        if (receiver is not null && DeclaratorOf(receiver, names) is { Initializer.Value: ObjectCreationExpressionSyntax made })
            return IsBuilder(made);
        if (receiver is not null && TypeOf(receiver, names) is { IsVar: false } type)
            return IsBuilder(type);
        if (assignment is { Parent: InitializerExpressionSyntax { Parent: ObjectCreationExpressionSyntax } })
            return name is "NoResetOnClose";
        // Dictionaries have any key.
        return assignment.Left is ElementAccessExpressionSyntax or ImplicitElementAccessSyntax ? name is "No Reset On Close" : name is "NoResetOnClose" or "Multiplexing";
    }

    private static TypeSyntax? TypeOf(ExpressionSyntax use, FixedNames names)
    {
        if (DeclaratorOf(use, names) is { Parent: VariableDeclarationSyntax declaration })
            return declaration.Type;
        for (SyntaxNode? node = use; node is not null and not TypeDeclarationSyntax; node = node.Parent)
        {
            if (ParameterOf(node, NameOf(use)) is { } parameter)
                return parameter.Type;
        }
        return null;
    }

    // The variable or field of a name, by the blocks and the type around its use.
    private static VariableDeclaratorSyntax? DeclaratorOf(ExpressionSyntax use, FixedNames names)
    {
        if (NameOf(use) is not { } name)
            return null;
        for (SyntaxNode? node = use; use is IdentifierNameSyntax && node is not null and not TypeDeclarationSyntax; node = node.Parent)
        {
            if (ParameterOf(node, name) is not null)
                return null;
            var statements = node switch
            {
                BlockSyntax block => block.Statements,
                CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().Select(static member => member.Statement),
                _ => Enumerable.Empty<StatementSyntax>(),
            };
            foreach (var statement in statements)
            {
                foreach (var declarator in statement is LocalDeclarationStatementSyntax local ? local.Declaration.Variables : default)
                {
                    if (declarator.Identifier.ValueText == name)
                        return declarator;
                }
            }
        }
        return names.DeclaratorOf(name) is { Parent.Parent: FieldDeclarationSyntax { Parent: { } type } } field && type.Span.Contains(use.Span) ? field : null;
    }

    private static ParameterSyntax? ParameterOf(SyntaxNode node, string? name)
    {
        var parameters = node switch
        {
            BaseMethodDeclarationSyntax method => method.ParameterList,
            LocalFunctionStatementSyntax local => local.ParameterList,
            ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList,
            _ => null,
        };
        foreach (var parameter in parameters?.Parameters ?? default)
        {
            if (parameter.Identifier.ValueText == name)
                return parameter;
        }
        return node is SimpleLambdaExpressionSyntax { Parameter: var only } && only.Identifier.ValueText == name ? only : null;
    }

    private static bool IsBuilder(TypeSyntax type) => type switch
    {
        IdentifierNameSyntax { Identifier.ValueText: Builder } => true,
        QualifiedNameSyntax { Right.Identifier.ValueText: Builder } => true,
        NullableTypeSyntax { ElementType: var element } => IsBuilder(element),
        _ => false,
    };

    private static string? KeyNameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax property => property.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        ElementAccessExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax key }] } => key.Token.ValueText,
        ImplicitElementAccessSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax key }] } => key.Token.ValueText,
        _ => null,
    };

    private static ExpressionSyntax? ReceiverOf(ExpressionSyntax target) => target switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        ElementAccessExpressionSyntax access => access.Expression,
        _ => null,
    };

    private static string? NameOf(ExpressionSyntax receiver) => receiver switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var name } => name,
        _ => null,
    };

    // The block, or the file, whose statements run one after the other with this one.
    private static SyntaxNode? BlockOf(SyntaxNode node) => node.FirstAncestorOrSelf<StatementSyntax>()?.Parent switch
    {
        GlobalStatementSyntax { Parent: var unit } => unit,
        BlockSyntax block => block,
        _ => null,
    };
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Lets a repository derive from the user-scoped base.</summary>
internal static class UserScopedBase
{
    /// <summary>The fix; null where the base asks for what the class does not have and callers would have to give.</summary>
    public static SiteFix? Of(ProjectAnalysis project, INamedTypeSymbol type, INamedTypeSymbol required, CancellationToken cancellation)
    {
        if (type.BaseType is not { SpecialType: SpecialType.System_Object } || required.IsSealed || required.IsGenericType || type.IsStatic || HasAbstractMembers(required))
            return null;
        if (type.DeclaringSyntaxReferences is not [var reference] || reference.GetSyntax(cancellation) is not ClassDeclarationSyntax declaration)
            return null;
        var constructors = required.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility != Accessibility.Private).ToList();
        if (constructors is not [var constructor] || constructor.Parameters.Any(parameter => parameter.RefKind != RefKind.None || parameter.IsParams))
            return null;
        var name = required.ToMinimalDisplayString(project.Code.ModelOf(declaration.SyntaxTree), declaration.Identifier.SpanStart);
        if (constructor.Parameters.IsEmpty)
            return Fix(required, [Derive(declaration, name)]);

        var own = type.InstanceConstructors;
        if (own is not [{ IsImplicitlyDeclared: false } ownConstructor] || ownConstructor.DeclaringSyntaxReferences is not [var ownReference])
            return null;
        var (list, initializer) = ownReference.GetSyntax(cancellation) switch
        {
            ClassDeclarationSyntax { ParameterList: { } primary } => (primary, (ConstructorDeclarationSyntax?)null),
            ConstructorDeclarationSyntax { Initializer: null } explicitly => (explicitly.ParameterList, explicitly),
            _ => (null, null),
        };
        if (list is null)
            return null;
        var arguments = new List<string>();
        var added = new List<string>();
        foreach (var parameter in constructor.Parameters)
        {
            var matching = ownConstructor.Parameters.Where(candidate => SymbolEqualityComparer.Default.Equals(candidate.Type, parameter.Type)).ToList();
            if (matching.Count > 1)
                matching.RemoveAll(candidate => candidate.Name != parameter.Name);
            if (matching is [var given])
            {
                arguments.Add(given.Name);
                continue;
            }
            if (matching.Count > 0 || ownConstructor.Parameters.Any(candidate => candidate.Name == parameter.Name) || ownConstructor.Parameters.Any(candidate => candidate.IsOptional))
                return null;
            arguments.Add(parameter.Name);
            added.Add($"{parameter.Type.ToMinimalDisplayString(project.Code.ModelOf(declaration.SyntaxTree), declaration.Identifier.SpanStart)} {parameter.Name}");
        }
        // Where the code makes the repository itself, each place must be given the user by hand.
        if (added.Count > 0 && project.Code.CallersOf(ownConstructor, cancellation) is not { Count: 0 })
            return null;

        var edits = ImmutableArray.CreateBuilder<CodeEdit>();
        if (added.Count > 0)
            edits.Add(CodeEdit.Insert(list.SyntaxTree, list.CloseParenToken.SpanStart, (list.Parameters.Count > 0 ? ", " : "") + string.Join(", ", added)));
        if (initializer is not null)
            edits.Add(CodeEdit.Insert(list.SyntaxTree, list.Span.End, $" : base({string.Join(", ", arguments)})"));
        edits.Add(Derive(declaration, initializer is null ? $"{name}({string.Join(", ", arguments)})" : name));
        return Fix(required, edits);
    }

    private static SiteFix Fix(INamedTypeSymbol required, IEnumerable<CodeEdit> edits) => new($"Derive from {required.Name}", ImmutableArray.CreateRange(edits));

    private static CodeEdit Derive(ClassDeclarationSyntax declaration, string name)
    {
        if (declaration.BaseList is { } bases)
            return CodeEdit.Insert(declaration.SyntaxTree, bases.Types[0].SpanStart, name + ", ");
        var head = declaration.ParameterList?.Span.End ?? declaration.TypeParameterList?.Span.End ?? declaration.Identifier.Span.End;
        return CodeEdit.Insert(declaration.SyntaxTree, head, " : " + name);
    }

    private static bool HasAbstractMembers(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().Any(member => member.IsAbstract))
                return true;
        }
        return false;
    }
}

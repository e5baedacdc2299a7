using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Rules.Conventions;

/// <summary>The base class of user-scoped repositories.</summary>
internal static class ScopedBase
{
    /// <summary>The class that `csharp.repository-base` names; null where none is configured, or it is not there.</summary>
    public static INamedTypeSymbol? Of(ProjectAnalysis project) =>
        project.Options.CSharp.RepositoryBase is { Length: > 0 } required ? project.Code.Compilation.GetTypeByMetadataName(required) : null;

    /// <summary>The class derives from the base.</summary>
    public static bool IsScoped(ITypeSymbol? type, INamedTypeSymbol required)
    {
        for (var current = type?.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, required))
                return true;
        }
        return false;
    }

    /// <summary>The operation stands in a class that derives from the base.</summary>
    public static bool IsInside(ProjectAnalysis project, IOperation operation, INamedTypeSymbol required, CancellationToken cancellation) =>
        IsScoped(project.Code.ModelOf(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart, cancellation)?.ContainingType, required);
}

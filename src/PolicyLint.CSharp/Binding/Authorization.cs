using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Binding;

/// <summary>How a project asks for authorization: by attributes, or for all endpoints at one place.</summary>
internal sealed class Authorization(CodeBase code, CancellationToken cancellation)
{
    private readonly Lazy<bool> _isByAttribute = new(() => Read(code, cancellation));

    /// <summary>Some controllers ask by attribute, and nothing asks for all of them.</summary>
    public bool IsByAttribute => _isByAttribute.Value;

    /// <summary>The action or its controller says who may call it.</summary>
    public static bool IsStated(IMethodSymbol action)
    {
        if (HasAttribute(action))
            return true;
        for (INamedTypeSymbol? type = action.ContainingType; type is not null; type = type.BaseType)
        {
            if (HasAttribute(type))
                return true;
        }
        return false;
    }

    // An attribute of the project's own may be a filter.
    private static bool HasAttribute(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && (type.Name == "AllowAnonymousAttribute" || type.AllInterfaces.Any(implemented => implemented.Name is "IAuthorizeData" or "IFilterMetadata" or "IAllowAnonymous")
                && !(type.ContainingNamespace?.ToDisplayString() ?? "").StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    private static bool Read(CodeBase code, CancellationToken cancellation)
    {
        var isUsed = false;
        foreach (var tree in code.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot(cancellation).DescendantNodes())
            {
                if (node is AttributeSyntax { Name: SimpleNameSyntax { Identifier.ValueText: "Authorize" } })
                    isUsed = true;
                else if (node is IdentifierNameSyntax { Identifier.ValueText: "FallbackPolicy" or "SetFallbackPolicy" or "AuthorizeFilter" or "RequireAuthorization" } or GenericNameSyntax { Identifier.ValueText: "RequireAuthorization" })
                    return false;
            }
        }
        return isUsed;
    }
}

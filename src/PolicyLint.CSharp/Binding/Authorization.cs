using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Binding;

/// <summary>How a project asks for authorization: by attributes, or for all endpoints at one place.</summary>
internal sealed class Authorization(CodeBase code)
{
    private readonly Lazy<bool> _isByAttribute = new(() => Read(code));

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

    private static bool Read(CodeBase code)
    {
        var isUsed = false;
        foreach (var (_, outline) in code.OutlinesOf(AuthorizationOutline.Read, default))
        {
            if (outline.IsForAll)
                return false;
            isUsed |= outline.IsByAttribute;
        }
        return isUsed;
    }
}

/// <summary>How a file asks for authorization.</summary>
/// <param name="IsByAttribute">By an attribute somewhere.</param>
/// <param name="IsForAll">For all endpoints.</param>
internal sealed record AuthorizationOutline(bool IsByAttribute, bool IsForAll)
{
    public static AuthorizationOutline Read(SyntaxNode root)
    {
        var isByAttribute = false;
        foreach (var node in root.DescendantNodes())
        {
            if (node is AttributeSyntax { Name: SimpleNameSyntax { Identifier.ValueText: "Authorize" } })
                isByAttribute = true;
            else if (node is IdentifierNameSyntax { Identifier.ValueText: "FallbackPolicy" or "SetFallbackPolicy" or "AuthorizeFilter" or "RequireAuthorization" } or GenericNameSyntax { Identifier.ValueText: "RequireAuthorization" })
                return new(isByAttribute, IsForAll: true);
        }
        return new(isByAttribute, IsForAll: false);
    }
}

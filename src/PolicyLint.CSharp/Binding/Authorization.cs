using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.Binding;

/// <summary>How a project asks for authorization: by attributes, or for all endpoints at one place.</summary>
internal sealed class Authorization(CodeBase code)
{
    private readonly Lazy<(bool ByAttribute, bool ByCall)> _ways = new(() => Read(code));

    /// <summary>Some controllers ask by attribute, and nothing asks for all of them.</summary>
    public bool IsByAttribute => _ways.Value is { ByAttribute: true, ByCall: false };

    /// <summary>Some endpoints ask by a call where they are mapped, and nothing asks for all of them.</summary>
    public bool IsByCall => _ways.Value.ByCall;

    /// <summary>The endpoint says who may call it, or its group does, or that is not known.</summary>
    public static bool IsStated(IInvocationOperation mapping)
    {
        for (IOperation? operation = mapping; operation is IInvocationOperation or IArgumentOperation or IConversionOperation; operation = operation.Parent)
        {
            if (operation is IInvocationOperation call && IsStatement(call))
                return true;
        }
        if (mapping.DescendantsAndSelf().Any(operation => operation is IAnonymousFunctionOperation lambda && HasAttribute(lambda.Symbol)))
            return true;
        return mapping.Arguments is not [{ Value: var routes }, ..] || IsStatedFor(routes);
    }

    // Only the application itself, and groups made of it in the same member, are known whole.
    private static bool IsStatedFor(IOperation routes)
    {
        while (true)
        {
            switch (routes)
            {
                case IConversionOperation conversion:
                    routes = conversion.Operand;
                    break;
                case IInvocationOperation call when IsStatement(call):
                    return true;
                case IInvocationOperation { Arguments: [{ Value: var outer }, ..] }:
                    routes = outer;
                    break;
                case { Type.Name: "WebApplication" }:
                    return false;
                case ILocalReferenceOperation local when ParameterBindings.SingleValueOf(local) is { } group && !ParameterBindings.RootOf(local).Descendants().Any(operation => operation is IInvocationOperation call && IsStatement(call) && Refers(call, local.Local)):
                    routes = group;
                    break;
                default:
                    return true;
            }
        }
    }

    private static bool Refers(IInvocationOperation call, ILocalSymbol local) =>
        call.Arguments is [{ Value: var receiver }, ..] && receiver.DescendantsAndSelf().Any(operation => operation is ILocalReferenceOperation used && SymbolEqualityComparer.Default.Equals(used.Local, local));

    // What a project adds by an extension of its own may be authorization.
    private static bool IsStatement(IInvocationOperation call) => call.TargetMethod.Name is "RequireAuthorization" or "AllowAnonymous" or "AddEndpointFilter" or "WithMetadata" || call.TargetMethod.DeclaringSyntaxReferences.Length > 0;

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

    private static (bool ByAttribute, bool ByCall) Read(CodeBase code)
    {
        var (isByAttribute, isByCall) = (false, false);
        foreach (var (_, outline) in code.OutlinesOf(AuthorizationOutline.Read, default))
        {
            if (outline.IsForAll)
                return default;
            isByAttribute |= outline.IsByAttribute;
            isByCall |= outline.IsByCall;
        }
        return (isByAttribute, isByCall);
    }
}

/// <summary>How a file asks for authorization.</summary>
/// <param name="IsByAttribute">By an attribute somewhere.</param>
/// <param name="IsByCall">By a call where an endpoint is mapped.</param>
/// <param name="IsForAll">For all endpoints.</param>
internal sealed record AuthorizationOutline(bool IsByAttribute, bool IsByCall, bool IsForAll)
{
    public static AuthorizationOutline Read(SyntaxNode root)
    {
        var (isByAttribute, isByCall) = (false, false);
        if (!FileWords.MayHave(root, "Authoriz", "FallbackPolicy"))
            return new(isByAttribute, isByCall, IsForAll: false);
        foreach (var node in root.DescendantNodes())
        {
            if (node is AttributeSyntax { Name: SimpleNameSyntax { Identifier.ValueText: "Authorize" } })
                isByAttribute = true;
            else if (node is IdentifierNameSyntax { Identifier.ValueText: "FallbackPolicy" or "SetFallbackPolicy" or "AuthorizeFilter" })
                return new(isByAttribute, isByCall, IsForAll: true);
            else if (node is SimpleNameSyntax { Identifier.ValueText: "RequireAuthorization" })
                isByCall = true;
        }
        return new(isByAttribute, isByCall, IsForAll: false);
    }
}

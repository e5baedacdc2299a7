using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.Binding;

/// <summary>Controller actions and minimal API handlers: where the request becomes parameters.</summary>
internal static class Endpoints
{
    private static readonly string[] CheckingWords = ["Authorize", "Access", "Ensure", "Verify", "Check", "Validate", "Member", "Permission", "Allowed", "Guard", "Belongs", "Owner", "Admin"];

    /// <summary>A parameter that ASP.NET Core fills from route, query, header, form or body.</summary>
    public static bool IsBoundFromRequest(IParameterSymbol parameter, IOperation use)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method || !(IsAction(method) || IsHandler(parameter, use)))
            return false;
        foreach (var attribute in parameter.GetAttributes())
        {
            if (attribute.AttributeClass?.Name is "FromRouteAttribute" or "FromQueryAttribute" or "FromBodyAttribute" or "FromHeaderAttribute" or "FromFormAttribute")
                return true;
            if (attribute.AttributeClass?.Name is "FromServicesAttribute" or "FromKeyedServicesAttribute" or "AsParametersAttribute" or "ModelBinderAttribute")
                return false;
        }
        var type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : parameter.Type;
        // Without an attribute only what is surely no service: a plain value.
        return type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String || type is { Name: "Guid", ContainingNamespace.Name: "System" };
    }

    /// <summary>A public method of a controller.</summary>
    public static bool IsAction(IMethodSymbol method)
    {
        if (method is not { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false })
            return false;
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "NonActionAttribute")
                return false;
        }
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type is { Name: "ControllerBase", ContainingNamespace.Name: "Mvc" })
                return true;
        }
        return false;
    }

    /// <summary>
    /// The code looks at the value before it uses it: a condition or a call that by its name decides access. Whether it decides rightly
    /// is not known, so nothing is said.
    /// </summary>
    public static bool IsChecked(ISymbol value, IOperation use)
    {
        if (value.ContainingSymbol is IMethodSymbol method && HasPolicy(method))
            return true;
        foreach (var operation in ParameterBindings.RootOf(use).Descendants())
        {
            var isCheck = operation switch
            {
                IConditionalOperation conditional => Mentions(conditional.Condition, value) && !IsEmptinessTest(conditional.Condition),
                IInvocationOperation call => CheckingWords.Any(word => call.TargetMethod.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0) && call.Arguments.Any(argument => Mentions(argument.Value, value)),
                _ => false,
            };
            if (isCheck)
                return true;
        }
        return false;
    }

    // A policy, a role, or an attribute of the project's own may compare the route with the user.
    private static bool HasPolicy(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes().Concat(method.ContainingType.GetAttributes()))
        {
            if (attribute.AttributeClass is not { } type)
                continue;
            if (type.Name == "AuthorizeAttribute" && (attribute.ConstructorArguments.Length > 0 || attribute.NamedArguments.Length > 0))
                return true;
            if (type.ContainingNamespace?.ToDisplayString() is { } space && !space.StartsWith("Microsoft.", StringComparison.Ordinal) && !space.StartsWith("System", StringComparison.Ordinal)
                && type.AllInterfaces.Any(implemented => implemented.Name is "IFilterMetadata" or "IAuthorizeData"))
                return true;
        }
        return false;
    }

    // A handler is a lambda or method that stands as an argument of MapGet, MapPost, ….
    private static bool IsHandler(IParameterSymbol parameter, IOperation use)
    {
        for (var operation = use.Parent; operation is not null; operation = operation.Parent)
        {
            if (operation is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, parameter.ContainingSymbol))
                return lambda.Parent is IDelegateCreationOperation or IConversionOperation && IsMapping(lambda.Parent);
        }
        return false;
    }

    private static bool IsMapping(IOperation handler) => MappingOf(handler) is not null;

    /// <summary>The call of MapGet, MapPost, … that a lambda is the handler of; null where it is none.</summary>
    public static IInvocationOperation? MappingOf(IOperation handler)
    {
        for (var operation = handler.Parent; operation is not null; operation = operation.Parent)
        {
            if (operation is IInvocationOperation call)
                return call.TargetMethod.ContainingType.Name == "EndpointRouteBuilderExtensions" ? call : null;
            if (operation is not (IConversionOperation or IDelegateCreationOperation or IArgumentOperation))
                return null;
        }
        return null;
    }

    private static bool Mentions(IOperation operation, ISymbol value) => operation.DescendantsAndSelf().Any(part =>
        SymbolEqualityComparer.Default.Equals(part switch { IParameterReferenceOperation parameter => parameter.Parameter, ILocalReferenceOperation local => local.Local, _ => null }, value));

    private static bool IsEmptinessTest(IOperation condition) => condition switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison => IsNothing(comparison.LeftOperand) || IsNothing(comparison.RightOperand),
        IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } } => true,
        IInvocationOperation { TargetMethod.Name: "IsNullOrEmpty" or "IsNullOrWhiteSpace" } => true,
        IPropertyReferenceOperation { Property.Name: "HasValue" } => true,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => IsEmptinessTest(not.Operand),
        _ => false,
    };

    private static bool IsNothing(IOperation operation) => operation switch
    {
        IConversionOperation conversion => IsNothing(conversion.Operand),
        IDefaultValueOperation => true,
        IFieldReferenceOperation { Field.Name: "Empty" } => true,
        _ => operation.ConstantValue.HasValue,
    };
}

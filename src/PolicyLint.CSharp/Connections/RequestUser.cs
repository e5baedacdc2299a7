using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.Connections;

/// <summary>Finds values that only a request has: what is read from HttpContext, through services of the project.</summary>
internal static class RequestUser
{
    private const int MaximumDepth = 4;

    /// <summary>One of the values is taken from the request that is being served.</summary>
    public static bool IsTaken(IEnumerable<IOperation> values, CodeBase code, Implementations implementations, CancellationToken cancellation) => values.Any(value => IsTaken(value, code, implementations, 0, cancellation));

    private static bool IsTaken(IOperation value, CodeBase code, Implementations implementations, int depth, CancellationToken cancellation)
    {
        // A choice may know what to do without a request.
        if (value.DescendantsAndSelf().Any(operation => operation is IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation))
            return false;
        foreach (var operation in value.DescendantsAndSelf())
        {
            if (operation.Type is { Name: "HttpContext" or "IHttpContextAccessor", ContainingNamespace.Name: "Http" })
                return true;
            var source = operation switch
            {
                IPropertyReferenceOperation { Property.GetMethod: { } getter } => BodyOf(getter, code, implementations, cancellation),
                IInvocationOperation call => BodyOf(call.TargetMethod, code, implementations, cancellation),
                ILocalReferenceOperation local => Binding.ParameterBindings.SingleValueOf(local),
                _ => null,
            };
            if (source is not null && depth < MaximumDepth && IsTaken(source, code, implementations, depth + 1, cancellation))
                return true;
        }
        return false;
    }

    private static IOperation? BodyOf(IMethodSymbol method, CodeBase code, Implementations implementations, CancellationToken cancellation)
    {
        if (implementations.Of(method) is not { } found)
            return null;
        return code.BodyOf(found, cancellation) ?? (found.AssociatedSymbol is IPropertySymbol property ? code.InitializerOf(property, cancellation) : null);
    }
}

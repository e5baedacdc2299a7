using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Settings;

namespace PolicyLint.CSharp.Connections;

/// <summary>The connections that a minimal API gives to a handler: the services make one for it, and nobody else has it.</summary>
internal static class EndpointConnections
{
    /// <summary>The parameters of a function that are such connections; none where the function is no handler, or where its connections may be others.</summary>
    public static IEnumerable<IParameterSymbol> Of(TenantContext tenants, IOperation function)
    {
        if (function is not IAnonymousFunctionOperation { Symbol.Parameters: var parameters })
            yield break;
        foreach (var parameter in parameters)
        {
            if (parameter.Type is { Name: "NpgsqlConnection" } && parameter.GetAttributes().All(attribute => attribute.AttributeClass?.Name == "FromServicesAttribute") && IsHandler(function) && tenants.GivesNewConnections)
                yield return parameter;
        }
    }

    private static bool IsHandler(IOperation function)
    {
        var parent = function.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IArgumentOperation)
            parent = parent.Parent;
        return parent is IInvocationOperation { TargetMethod: { Name: "MapGet" or "MapPost" or "MapPut" or "MapDelete" or "MapPatch" or "MapMethods" or "Map", ContainingType.Name: "EndpointRouteBuilderExtensions" } };
    }
}

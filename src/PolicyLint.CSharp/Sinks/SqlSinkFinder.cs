using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.Sinks;

/// <summary>Finds the expression that is SQL in an operation.</summary>
public static class SqlSinkFinder
{
    private static readonly SymbolDisplayFormat FullName = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>The SQL argument of a call or construction, or the value that is assigned to a command's text; null where it is no sink.</summary>
    public static ExpressionSyntax? FindSql(IOperation operation) => operation switch
    {
        IInvocationOperation call => Argument(call.TargetMethod, call.TargetMethod.Name, call.Arguments),
        IObjectCreationOperation { Constructor: { } constructor } creation => Argument(constructor, ".ctor", creation.Arguments),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment when IsCommandText(target.Property) => assignment.Value.Syntax as ExpressionSyntax,
        _ => null,
    };

    private static ExpressionSyntax? Argument(IMethodSymbol method, string name, IEnumerable<IArgumentOperation> arguments)
    {
        foreach (var sink in SqlSinks.All)
        {
            if (sink.Parameter.Length == 0 || !sink.MatchesMember(name) || method.ContainingType.ToDisplayString(FullName) != sink.Type)
                continue;
            foreach (var argument in arguments)
            {
                if (argument.Parameter?.Name == sink.Parameter && argument.ArgumentKind == ArgumentKind.Explicit)
                    return argument.Value.Syntax as ExpressionSyntax;
            }
        }
        return null;
    }

    private static bool IsCommandText(IPropertySymbol property)
    {
        foreach (var sink in SqlSinks.All)
        {
            if (sink.Parameter.Length > 0 || sink.Member != property.Name)
                continue;
            for (var type = property.ContainingType; type is not null; type = type.BaseType)
            {
                if (type.ToDisplayString(FullName) == sink.Type)
                    return true;
            }
            foreach (var implemented in property.ContainingType.AllInterfaces)
            {
                if (implemented.ToDisplayString(FullName) == sink.Type)
                    return true;
            }
        }
        return false;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Sinks;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Raw SQL that EF Core puts a query around.</summary>
internal static class EntitySql
{
    /// <summary>FromSql whose rows a query filter, or an operator behind it, may keep out.</summary>
    public static bool IsFilteredOutside(SqlCall call, EntityModel? entities)
    {
        if (call.Operation is not IInvocationOperation { TargetMethod: { ContainingType.Name: "RelationalQueryableExtensions", TypeArguments: [INamedTypeSymbol type] } })
            return false;
        if (entities?.Find(type) is { } entity && (entity.MayHaveOtherFilters || entity.Filters.Any(filter => filter.IsTenant != false)))
            return true;
        for (var parent = call.Operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IArgumentOperation or IConversionOperation or IAwaitOperation:
                    continue;
                case IInvocationOperation operation when EntityQueries.IsOperator(operation):
                    if (operation.Arguments.Skip(1).Any(argument => EntityQueries.LambdaOf(argument.Value) is not null))
                        return true;
                    if (!EntityQueries.IsQueryable(operation.TargetMethod.ReturnType))
                        return false;
                    continue;
                default:
                    return parent is not IInvocationOperation;
            }
        }
        return true;
    }
}

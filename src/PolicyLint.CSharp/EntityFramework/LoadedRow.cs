using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A single row that a query gives to a variable.</summary>
internal static class LoadedRow
{
    /// <summary>Behind the query, a tenancy key of the row or of one that it refers to is compared: whose row it is, is decided there.</summary>
    public static bool IsComparedAfterwards(EntityRead read, EntityModel entities)
    {
        if (read.End is not IInvocationOperation { TargetMethod.Name: var name } || !IsSingle(name) || VariableOf(read.End) is not { } variable)
            return false;
        foreach (var operation in ParameterBindings.RootOf(read.End).Descendants())
        {
            if (operation is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison && operation.Syntax.SpanStart > read.End.Syntax.Span.End
                && (IsKeyOf(comparison.LeftOperand, variable, entities) || IsKeyOf(comparison.RightOperand, variable, entities)))
                return true;
        }
        return false;
    }

    private static bool IsSingle(string name) =>
        name.StartsWith("First", StringComparison.Ordinal) || name.StartsWith("Single", StringComparison.Ordinal) || name.StartsWith("Find", StringComparison.Ordinal);

    private static ILocalSymbol? VariableOf(IOperation end)
    {
        for (var parent = end.Parent; parent is IAwaitOperation or IConversionOperation or IVariableInitializerOperation or IVariableDeclaratorOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" }; parent = parent.Parent)
        {
            if (parent is IVariableDeclaratorOperation declarator)
                return declarator.Symbol;
        }
        return null;
    }

    // row.TenantId, row.Batch.TenantId, row.Batch?.TenantId
    private static bool IsKeyOf(IOperation operand, ILocalSymbol variable, EntityModel entities)
    {
        var key = operand.DescendantsAndSelf().OfType<IPropertyReferenceOperation>().Any(property => entities.Find(property.Property.ContainingType) is { IsTenant: true } entity && entity.IsKey(property.Property.Name));
        return key && operand.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(local => SymbolEqualityComparer.Default.Equals(local.Local, variable));
    }
}

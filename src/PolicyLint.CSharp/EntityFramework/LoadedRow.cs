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

    /// <summary>By its key it reads a row again that the code has already: `Find(row.Id)`.</summary>
    public static bool IsReadAgain(EntityRead read)
    {
        if (read.End is IInvocationOperation { TargetMethod.Name: "Find" or "FindAsync" } find)
            return find.Arguments.SelectMany(argument => argument.DescendantsAndSelf()).Any(value => IsKeyInHand(value, read.Entity));
        return read.Query.Predicates.Any(predicate => predicate.Body.Operations is [IReturnOperation { ReturnedValue: { } condition }] && NamesRowInHand(condition, read.Entity));
    }

    private static bool NamesRowInHand(IOperation condition, EntityType entity) => condition switch
    {
        IConversionOperation conversion => NamesRowInHand(conversion.Operand, entity),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => NamesRowInHand(both.LeftOperand, entity) || NamesRowInHand(both.RightOperand, entity),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals, LeftOperand: IPropertyReferenceOperation { Instance: IParameterReferenceOperation } key } equality =>
            entity.IsPrimaryKey(key.Property.Name) && IsKeyInHand(equality.RightOperand, entity),
        _ => false,
    };

    // The key of a variable that is such a row: what was loaded was judged there, and a new row with a key of its own is nobody else's.
    private static bool IsKeyInHand(IOperation value, EntityType entity)
    {
        if (value is not IPropertyReferenceOperation { Instance: ILocalReferenceOperation row } key || !entity.IsPrimaryKey(key.Property.Name) || !SymbolEqualityComparer.Default.Equals(row.Type, entity.Type))
            return false;
        return ParameterBindings.SingleValueOf(row) is not IObjectCreationOperation { Initializer: { } initializer }
            || initializer.Initializers.All(set => set is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } given || !entity.IsPrimaryKey(target.Property.Name) || given.Value is IInvocationOperation { TargetMethod.Name: "NewGuid" or "CreateVersion7" });
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

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A single row that a query gives to a variable.</summary>
internal static class LoadedRow
{
    private const int MostCalls = 3;

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
    public static bool IsReadAgain(EntityRead read, CodeBase code, CancellationToken cancellation)
    {
        if (read.End is IInvocationOperation { TargetMethod.Name: "Find" or "FindAsync" } find)
            return find.Arguments.SelectMany(argument => argument.DescendantsAndSelf()).Any(IsInHand);
        return Equalities(read).Any(equality => read.Entity.IsPrimaryKey(equality.Property) && IsInHand(equality.Value));

        bool IsInHand(IOperation value) => value is IPropertyReferenceOperation { Instance: { } row } key && read.Entity.IsPrimaryKey(key.Property.Name) && IsRowInHand(row, read.Entity, code, MostCalls, cancellation);
    }

    /// <summary>It is looked up by a value that only one row of all tenants has.</summary>
    public static bool IsFoundByUniqueValue(EntityRead read) => Equalities(read).Any(equality => read.Entity.IsUniqueOfAll(equality.Property));

    // `row.Property == value` among the conditions that must all hold.
    private static IEnumerable<(string Property, IOperation Value)> Equalities(EntityRead read)
    {
        var pending = new Stack<IOperation>(read.Query.Predicates.Select(predicate => predicate.Body.Operations is [IReturnOperation { ReturnedValue: { } condition }] ? condition : null).OfType<IOperation>());
        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case IConversionOperation conversion:
                    pending.Push(conversion.Operand);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                    pending.Push(both.LeftOperand);
                    pending.Push(both.RightOperand);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals, LeftOperand: IPropertyReferenceOperation { Instance: IParameterReferenceOperation } key, RightOperand: var value }:
                    yield return (key.Property.Name, value);
                    break;
            }
        }
    }

    // What was loaded was judged there, and a new row with a key of its own is nobody else's. A parameter is what each of its callers has.
    private static bool IsRowInHand(IOperation row, EntityType entity, CodeBase code, int calls, CancellationToken cancellation)
    {
        while (row is IConversionOperation conversion)
            row = conversion.Operand;
        if (!SymbolEqualityComparer.Default.Equals(row.Type, entity.Type))
            return false;
        switch (row)
        {
            case ILocalReferenceOperation local:
                return ParameterBindings.SingleValueOf(local) is not { } value || IsRowInHand(value, entity, code, calls, cancellation);
            case IObjectCreationOperation { Initializer: { } initializer }:
                return initializer.Initializers.All(set => set is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } given || !entity.IsPrimaryKey(target.Property.Name) || given.Value is IInvocationOperation { TargetMethod.Name: "NewGuid" or "CreateVersion7" });
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } method } parameter } when calls > 0:
                return code.CallersOf(method, cancellation) is { Count: > 0 } callers && callers.All(caller => ArgumentOf(caller, parameter) is { } argument && IsRowInHand(argument, entity, code, calls - 1, cancellation));
            case IParameterReferenceOperation:
                return false;
            default:
                return true;
        }
    }

    private static IOperation? ArgumentOf(IOperation caller, IParameterSymbol parameter)
    {
        var arguments = caller is IInvocationOperation call ? call.Arguments : ((IObjectCreationOperation)caller).Arguments;
        return arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value;
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

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
            return find.Arguments.SelectMany(argument => argument.DescendantsAndSelf()).Any(value => IsKeyInHand(value, read.Entity, code, cancellation));
        return read.Equalities().Any(equality => read.Entity.IsPrimaryKey(equality.Property) && IsKeyInHand(equality.Value, read.Entity, code, cancellation));
    }

    /// <summary>It reads what belongs to a row of another tenant entity that the code has already: `line.InvoiceId == invoice.Id`.</summary>
    public static bool IsPartOfOne(EntityRead read, EntityModel entities, CodeBase code, CancellationToken cancellation) => read.Equalities().Any(equality =>
        !read.Entity.IsPrimaryKey(equality.Property) && equality.Value is IPropertyReferenceOperation { Instance.Type: INamedTypeSymbol type }
        && entities.Find(type) is { IsTenant: true } whole && IsKeyInHand(equality.Value, whole, code, cancellation));

    private static bool IsKeyInHand(IOperation value, EntityType entity, CodeBase code, CancellationToken cancellation) =>
        value is IPropertyReferenceOperation { Instance: { } row } key && entity.IsPrimaryKey(key.Property.Name) && IsRowInHand(row, entity, code, MostCalls, cancellation);

    // What was loaded was judged there, and a new row with a key of its own is nobody else's. A parameter is what each of its callers has; where none is known
    // the row is theirs to answer for, unless the request fills it.
    private static bool IsRowInHand(IOperation row, EntityType entity, CodeBase code, int calls, CancellationToken cancellation)
    {
        row = row.WithoutConversions();
        if (!IsRowOf(row.Type, entity))
            return false;
        switch (row)
        {
            case ILocalReferenceOperation local:
                return ParameterBindings.SingleValueOf(local) is not { } value || IsRowInHand(value, entity, code, calls, cancellation);
            case IObjectCreationOperation { Initializer: { } initializer }:
                return initializer.Initializers.All(set => set is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } given || !entity.IsPrimaryKey(target.Property.Name) || given.Value is IInvocationOperation { TargetMethod.Name: "NewGuid" or "CreateVersion7" });
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } method } parameter } when calls > 0:
                return code.CallersOf(method, cancellation) is { Count: > 0 } callers
                    ? callers.All(caller => ArgumentOf(caller, parameter) is { } argument && IsRowInHand(argument, entity, code, calls - 1, cancellation))
                    : !Endpoints.IsAction(method);
            case IParameterReferenceOperation:
                return false;
            default:
                return true;
        }
    }

    // The entity's own class, or one of the domain that it stands for: they share a base class of the entity's name.
    private static bool IsRowOf(ITypeSymbol? row, EntityType entity)
    {
        for (var type = row; type is not null; type = type.BaseType)
        {
            for (var mapped = entity.Type; mapped is not null; mapped = mapped.BaseType)
            {
                if (type.Name == entity.Type.Name && SymbolEqualityComparer.Default.Equals(type, mapped))
                    return true;
            }
        }
        return false;
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
        for (var parent = end.Parent;
            parent is IAwaitOperation or IConversionOperation or IVariableInitializerOperation or IVariableDeclaratorOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" }
            || parent is ICoalesceOperation coalesce && coalesce.IsValueOrThrow();
            parent = parent.Parent)
        {
            if (parent is IVariableDeclaratorOperation declarator)
                return declarator.Symbol;
        }
        return null;
    }

    // row.TenantId, row.Batch.TenantId, row.Batch?.TenantId
    private static bool IsKeyOf(IOperation operand, ILocalSymbol variable, EntityModel entities)
    {
        var key = operand.DescendantsAndSelf().OfType<IPropertyReferenceOperation>().Any(property =>
            property.Instance?.Type is INamedTypeSymbol type && entities.Find(type) is { IsTenant: true } entity && entity.IsKey(property.Property.Name));
        return key && operand.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(local => SymbolEqualityComparer.Default.Equals(local.Local, variable));
    }
}

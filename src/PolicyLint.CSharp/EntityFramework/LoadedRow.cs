using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A single row that a query gives: what is done with it decides whose it is.</summary>
internal static class LoadedRow
{
    // What a method is called that decides whether a row is the caller's.
    private static readonly string[] ChecksOfRows = ["Authoriz", "Access", "Permission", "Allowed", "Owner", "Owned", "Belongs", "Member", "Tenant"];
    private static readonly string[] Verbs = ["Ensure", "Assert", "Require", "Throw", "Authorize", "Verify", "Check", "Validate", "Can", "Is", "Has", "Belongs", "Deny"];

    /// <summary>Nothing but whose the row is, is read: `Select(row => row.TenantId)`, `(await rows.FirstAsync())?.TenantId`.</summary>
    public static bool IsAskedFor(EntityRead read)
    {
        for (var call = read.End as IInvocationOperation; call is { Arguments.Length: > 0 }; call = call.Arguments[0].Value.WithoutConversions() as IInvocationOperation)
        {
            if (call is { TargetMethod.Name: "Select", Arguments: [_, { Value: var selector }] })
                return EntityQueries.LambdaOf(selector)?.Body.Operations is [IReturnOperation { ReturnedValue: { } value }] && IsKey(value.WithoutConversions(), read);
        }
        if (!IsSingle(read.End))
            return false;
        if (VariableOf(read.End) is not { } variable)
            return IsKeyTaken(WholeOf(read.End), read);
        var isTaken = false;
        foreach (var use in ParameterBindings.RootOf(read.End).Descendants())
        {
            if (use is not ILocalReferenceOperation { Local: var local } || !SymbolEqualityComparer.Default.Equals(local, variable))
                continue;
            if (IsKeyTaken(WholeOf(use), read))
                isTaken = true;
            else if (!IsNullTest(use))
                return false;
        }
        return isTaken;
    }

    /// <summary>Behind the query, here or in every caller that gets the row, its tenancy key or that of one that it refers to is compared: whose row it is, is decided there.</summary>
    public static bool IsComparedAfterwards(EntityRead read, EntityModel entities, CodeBase code, CancellationToken cancellation)
    {
        if (!IsSingle(read.End))
            return false;
        if (IsCompared(read.End, entities))
            return true;
        if (CompiledQuery.HolderOf(read.End) is { } holder)
            return code.RunsOf(holder, cancellation) is { Count: > 0 } runs && runs.All(run => IsCompared(run, entities));
        return MethodGivingRow(read.End, code, cancellation) is { } method && !Endpoints.IsAction(method)
            && code.CallersOf(method, cancellation) is { Count: > 0 } callers && callers.All(caller => IsCompared(caller, entities));
    }

    /// <summary>Its rows are only what other rows are looked up in, in memory: those that fit none are left.</summary>
    public static bool IsOnlyJoined(EntityRead read)
    {
        if (VariableOf(read.End) is not { } variable)
            return false;
        var uses = ParameterBindings.RootOf(read.End).Descendants().OfType<ILocalReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Local, variable)).ToList();
        return uses.Count > 0 && uses.All(use => WholeOf(use).Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Join" or "IntersectBy", ContainingType: { Name: "Enumerable", ContainingNamespace.Name: "Linq" } } } });
    }

    /// <summary>First, Single or Find: at most one row.</summary>
    public static bool IsSingle(IOperation end) => end is IInvocationOperation { TargetMethod.Name: var name }
        && (name.StartsWith("First", StringComparison.Ordinal) || name.StartsWith("Single", StringComparison.Ordinal) || name.StartsWith("Find", StringComparison.Ordinal));

    /// <summary>The variable that a result is put into; null where it is used otherwise.</summary>
    public static ILocalSymbol? VariableOf(IOperation end)
    {
        var parent = WholeOf(end).Parent;
        while (parent is IVariableInitializerOperation or ICoalesceOperation or IConversionOperation)
        {
            if (parent is ICoalesceOperation coalesce && !coalesce.IsValueOrThrow())
                return null;
            parent = parent.Parent;
        }
        return (parent as IVariableDeclaratorOperation)?.Symbol;
    }

    // With what only waits for it and wraps it.
    private static IOperation WholeOf(IOperation end)
    {
        while (end.Parent is IAwaitOperation or IConversionOperation or IParenthesizedOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
            end = end.Parent;
        return end;
    }

    private static bool IsKey(IOperation value, EntityRead read) => value is IPropertyReferenceOperation key && read.Entity.IsKey(key.Property.Name);

    private static bool IsKeyTaken(IOperation row, EntityRead read) => row.Parent is { } parent
        && (IsKey(parent, read) || parent is IConditionalAccessOperation access && ReferenceEquals(access.Operation, row) && IsKey(access.WhenNotNull, read));

    private static bool IsNullTest(IOperation use) => WholeOf(use).Parent switch
    {
        IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } } => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison => IsNull(comparison.LeftOperand) || IsNull(comparison.RightOperand),
        _ => false,
    };

    private static bool IsNull(IOperation operation) => operation.WithoutConversions().ConstantValue is { HasValue: true, Value: null };

    private static bool IsCompared(IOperation end, EntityModel entities)
    {
        if (VariableOf(end) is not { } variable)
            return false;
        var operations = ParameterBindings.RootOf(end).Descendants().Where(operation => operation.Syntax.SpanStart > end.Syntax.Span.End).ToList();
        var keys = operations.OfType<IVariableDeclaratorOperation>().Where(declared => declared.GetVariableInitializer()?.Value is { } value && IsKeyOf(value, variable, entities)).Select(declared => declared.Symbol).ToList();
        return operations.Any(operation => operation switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison => SaysOwner(comparison.LeftOperand) && IsGiven(comparison.RightOperand) || SaysOwner(comparison.RightOperand) && IsGiven(comparison.LeftOperand),
            IInvocationOperation { TargetMethod.Name: "Equals" } call => call.Instance is { } instance && SaysOwner(instance) || call.Arguments.Any(argument => SaysOwner(argument.Value)),
            IInvocationOperation { TargetMethod: { Name: "Contains", ReturnType.SpecialType: SpecialType.System_Boolean } } call => call.Arguments.Any(argument => SaysOwner(argument.Value)),
            IInvocationOperation call when IsCheck(call.TargetMethod.Name) => call.Instance is { } instance && Refers(instance, variable) || call.Arguments.Any(argument => Refers(argument.Value, variable) || SaysOwner(argument.Value)),
            _ => false,
        });

        bool SaysOwner(IOperation operand) => IsKeyOf(operand, variable, entities) || operand.WithoutConversions() is ILocalReferenceOperation local && keys.Contains(local.Local, SymbolEqualityComparer.Default);
    }

    // Neither nothing nor what another query reads: that its rows are the same tenant's does not say whose.
    private static bool IsGiven(IOperation other) => !IsNull(other) && !other.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } });

    private static bool IsCheck(string name) =>
        Verbs.Any(verb => name.StartsWith(verb, StringComparison.Ordinal)) && ChecksOfRows.Any(word => name.IndexOf(word, StringComparison.Ordinal) >= 0);

    private static bool Refers(IOperation operand, ILocalSymbol variable) => operand.WithoutConversions() is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, variable);

    // row.TenantId, row.Batch.TenantId, row.Batch?.TenantId
    private static bool IsKeyOf(IOperation operand, ILocalSymbol variable, EntityModel entities)
    {
        var key = operand.DescendantsAndSelf().OfType<IPropertyReferenceOperation>().Any(property =>
            property.Instance?.Type is INamedTypeSymbol type && entities.Find(type) is { IsTenant: true } entity && entity.IsKey(property.Property.Name));
        return key && operand.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(local => SymbolEqualityComparer.Default.Equals(local.Local, variable));
    }

    // The method whose result the row is.
    private static IMethodSymbol? MethodGivingRow(IOperation end, CodeBase code, CancellationToken cancellation)
    {
        var variable = VariableOf(end);
        var isGiven = ParameterBindings.RootOf(end).Descendants().OfType<IReturnOperation>().Any(result => result.ReturnedValue?.WithoutConversions() is { } value
            && (variable is null ? ReferenceEquals(value, WholeOf(end).WithoutConversions()) : Refers(value, variable)));
        return isGiven ? code.ModelOf(end.Syntax.SyntaxTree).GetEnclosingSymbol(end.Syntax.SpanStart, cancellation) as IMethodSymbol : null;
    }
}

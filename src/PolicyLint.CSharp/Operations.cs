using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp;

/// <summary>What operations are beside the wrappers that the compiler puts around them, and what they are given.</summary>
internal static class Operations
{
    /// <summary>What is converted; the operation itself where nothing is.</summary>
    public static IOperation WithoutConversions(this IOperation operation)
    {
        while (operation is IConversionOperation conversion)
            operation = conversion.Operand;
        return operation;
    }

    /// <summary>What a call or construction gives for a parameter; null where it gives nothing.</summary>
    public static IOperation? ArgumentFor(this IOperation caller, IParameterSymbol parameter)
    {
        var arguments = caller is IInvocationOperation call ? call.Arguments : ((IObjectCreationOperation)caller).Arguments;
        return arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value;
    }

    /// <summary>`value ?? throw …`: it is its value wherever the code goes on.</summary>
    public static bool IsValueOrThrow(this ICoalesceOperation coalesce) => coalesce.WhenNull.WithoutConversions() is IThrowOperation;
}

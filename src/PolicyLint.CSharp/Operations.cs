using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp;

/// <summary>What operations are beside the wrappers that the compiler puts around them.</summary>
internal static class Operations
{
    /// <summary>What is converted; the operation itself where nothing is.</summary>
    public static IOperation WithoutConversions(this IOperation operation)
    {
        while (operation is IConversionOperation conversion)
            operation = conversion.Operand;
        return operation;
    }

    /// <summary>`value ?? throw …`: it is its value wherever the code goes on.</summary>
    public static bool IsValueOrThrow(this ICoalesceOperation coalesce) => coalesce.WhenNull.WithoutConversions() is IThrowOperation;
}

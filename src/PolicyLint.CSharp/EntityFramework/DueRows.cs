using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Rows that the time alone chooses: all that the conditions compare with is constant or a time.</summary>
internal static class DueRows
{
    /// <summary>True where a column lies before a time; false where times are compared in another way; null where something else is compared, too.</summary>
    public static bool? AreTaken(EntityRead read)
    {
        if (read.Table > 0)
            return null;
        var (isTimed, isBefore) = (false, false);
        foreach (var predicate in read.Query.Predicates.Concat(read.Query.Conditions.Select(condition => condition.Lambda)))
        {
            var rows = predicate.Symbol.Parameters;
            foreach (var part in predicate.Body.Descendants())
            {
                if (part is IParameterReferenceOperation or ILocalReferenceOperation or IInstanceReferenceOperation && !IsOf(part, rows) && !IsPartOfTime(part, rows))
                    return null;
                if (part is not IBinaryOperation { OperatorKind: var kind } comparison || !IsTime(comparison.LeftOperand.WithoutConversions().Type) || !Mentions(comparison, rows))
                    continue;
                isTimed = true;
                var isLeft = Mentions(comparison.LeftOperand, rows);
                isBefore |= isLeft ? kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual : kind is BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;
            }
        }
        return isTimed ? isBefore : null;
    }

    // now, clock.UtcNow, date.AddDays(-days): what is used is a time.
    private static bool IsPartOfTime(IOperation part, IReadOnlyList<IParameterSymbol> rows)
    {
        for (var whole = part; whole is not (null or IBinaryOperation or IAnonymousFunctionOperation); whole = whole.Parent)
        {
            if (IsTime(whole.Type) && (!Mentions(whole, rows) || whole is IInvocationOperation { TargetMethod.Name: var name } && name.StartsWith("Add", StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    private static bool IsOf(IOperation part, IReadOnlyList<IParameterSymbol> rows) =>
        part is IParameterReferenceOperation { Parameter: var parameter } && rows.Any(row => SymbolEqualityComparer.Default.Equals(row, parameter));

    private static bool Mentions(IOperation operation, IReadOnlyList<IParameterSymbol> rows) => operation.DescendantsAndSelf().Any(part => IsOf(part, rows));

    private static bool IsTime(ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] })
            type = inner;
        return type is { Name: "DateTime" or "DateTimeOffset" or "DateOnly" or "Instant" or "LocalDate" };
    }
}

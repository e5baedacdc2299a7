using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Rows that a list names which somebody hands in: `ids.Contains(row.Id)`. Any row may be in it, whoever it belongs to.</summary>
internal static class ChosenRows
{
    private const int MostCalls = 3;

    private static readonly HashSet<string> Copies = new(StringComparer.Ordinal) { "ToList", "ToArray", "ToHashSet", "Distinct", "AsEnumerable", "AsReadOnly" };

    /// <summary>The parameter that the list of a call of Contains is, or is copied from; null where it is made here.</summary>
    public static IParameterSymbol? GivenBy(IInvocationOperation contains) => GivenBy(contains.Instance ?? contains.Arguments[0].Value);

    /// <summary>Whether the code hands in its own lists alone where that parameter is given: what they hold was judged where it was read.</summary>
    public static bool AreHandedOn(IParameterSymbol list, CodeBase code, CancellationToken cancellation) => AreHandedOn(list, code, MostCalls, cancellation);

    private static bool AreHandedOn(IParameterSymbol list, CodeBase code, int calls, CancellationToken cancellation)
    {
        if (calls == 0 || list.ContainingSymbol is not IMethodSymbol method || Endpoints.IsAction(method) || code.CallersOf(method, cancellation) is not { Count: > 0 } callers)
            return false;
        foreach (var caller in callers)
        {
            if (caller.ArgumentFor(list) is not { } given)
                return false;
            if (GivenBy(given) is { } outer && !AreHandedOn(outer, code, calls - 1, cancellation))
                return false;
        }
        return true;
    }

    /// <summary>The parameter that a list is, or is copied from; null where it is made here.</summary>
    public static IParameterSymbol? GivenBy(IOperation list)
    {
        for (var turn = 0; turn < MostCalls * 2; turn++)
        {
            list = list.WithoutConversions();
            switch (list)
            {
                case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } } parameter }:
                    return parameter;
                case ILocalReferenceOperation local when ParameterBindings.SingleValueOf(local) is { } value:
                    list = value;
                    break;
                case IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: var name }, Arguments: [var source, ..] } when Copies.Contains(name):
                    list = source.Value;
                    break;
                case IInvocationOperation { TargetMethod.Name: var name, Instance: { } source } when Copies.Contains(name):
                    list = source;
                    break;
                default:
                    return null;
            }
        }
        return null;
    }
}

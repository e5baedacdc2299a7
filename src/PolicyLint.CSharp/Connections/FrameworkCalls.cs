using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Connections;

/// <summary>The calls of methods that another assembly declares.</summary>
internal static class FrameworkCalls
{
    /// <summary>The calls in the code, of a type by its full name and any of its methods by their names.</summary>
    public static IEnumerable<IInvocationOperation> Of(CodeBase code, string type, string[] methods, CancellationToken cancellation) =>
        code.Compilation.GetTypesByMetadataName(type)
            .SelectMany(declaring => methods.SelectMany(name => declaring.GetMembers(name)))
            .OfType<IMethodSymbol>()
            .SelectMany(method => code.CallersOf(method, cancellation) ?? [])
            .OfType<IInvocationOperation>();
}

using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Connections;

/// <summary>Which method runs where another is called: itself, or the only one of the project that implements or overrides it. It serves all threads.</summary>
internal sealed class Implementations
{
    private readonly IReadOnlyList<INamedTypeSymbol> _types;
    private readonly ConcurrentDictionary<IMethodSymbol, IMethodSymbol?> _known = new(SymbolEqualityComparer.Default);

    public Implementations(CodeBase code, CancellationToken cancellation) => _types = code.TypesWithBases(cancellation);

    /// <summary>The method with a body; null where there are several, or none in source.</summary>
    public IMethodSymbol? Of(IMethodSymbol method) => _known.GetOrAdd((method.ReducedFrom ?? method).OriginalDefinition, Find);

    /// <summary>The classes of the project that implement an interface of this name.</summary>
    public IEnumerable<INamedTypeSymbol> WithInterface(string name) => _types.Where(type => !type.IsAbstract && type.AllInterfaces.Any(implemented => implemented.Name == name));

    private IMethodSymbol? Find(IMethodSymbol method)
    {
        if (method.ContainingType is { TypeKind: TypeKind.Interface } declaring)
        {
            // What another assembly declares may be implemented by another assembly.
            if (declaring.DeclaringSyntaxReferences.Length == 0)
                return null;
            IMethodSymbol? only = null;
            foreach (var type in _types)
            {
                foreach (var implemented in type.AllInterfaces)
                {
                    if (type.IsAbstract || !SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, declaring))
                        continue;
                    var member = implemented.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, method));
                    if (member is null || type.FindImplementationForInterfaceMember(member) is not IMethodSymbol found || only is not null && !SymbolEqualityComparer.Default.Equals(only, found.OriginalDefinition))
                        return null;
                    only = found.OriginalDefinition;
                }
            }
            return only is { IsAbstract: false } ? only : null;
        }
        if (!method.IsVirtual && !method.IsAbstract && !method.IsOverride)
            return method.DeclaringSyntaxReferences.Length > 0 ? method : null;
        return method.IsAbstract || method.DeclaringSyntaxReferences.Length == 0 || _types.Any(type => Overrides(type, method)) ? null : method;
    }

    private static bool Overrides(INamedTypeSymbol type, IMethodSymbol method) =>
        type.GetMembers(method.Name).OfType<IMethodSymbol>().Any(member => SymbolEqualityComparer.Default.Equals(member.OverriddenMethod?.OriginalDefinition, method));
}

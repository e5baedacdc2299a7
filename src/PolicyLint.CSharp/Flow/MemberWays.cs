using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Flow;

/// <summary>The members that may run where one is called or read, and what type parameters stand for in each.</summary>
internal static class MemberWays
{
    /// <summary>The ways; none where what runs is not in the source, or only the caller says of which type it is.</summary>
    /// <param name="member">The member as it is called.</param>
    /// <param name="receiver">What it is called on.</param>
    /// <param name="isBase">It is called by `base`.</param>
    /// <param name="types">What type parameters stand for at the call.</param>
    /// <param name="code">The source.</param>
    /// <param name="cancellation">Ends it.</param>
    public static IReadOnlyList<(ISymbol Member, TypeArguments Types)> Of(ISymbol member, ITypeSymbol? receiver, bool isBase, TypeArguments types, CodeBase code, CancellationToken cancellation)
    {
        var definition = member.OriginalDefinition;
        if (member.ContainingType is null || types.Of(member.ContainingType) is not INamedTypeSymbol declaring)
            return [];
        var arguments = member is IMethodSymbol { TypeArguments: { Length: > 0 } own } ? own.Select(types.Of).ToImmutableArray() : ImmutableArray<ITypeSymbol>.Empty;
        if (isBase)
            return [(definition, Within(definition, declaring))];
        if (declaring.TypeKind == TypeKind.Interface)
            return TypeArguments.IsOpen(declaring) ? [] : Implementing(definition, declaring, receiver is null ? null : types.Of(receiver));
        var ways = new List<(ISymbol, TypeArguments)>();
        foreach (var way in code.WaysOf(definition, receiver, cancellation))
        {
            if (SymbolEqualityComparer.Default.Equals(way, definition))
                ways.Add((way, Within(way, declaring)));
            else if (BoundBy(way.ContainingType, declaring) is { } bound)
                ways.Add((way, Within(way, (INamedTypeSymbol)bound.Of(way.ContainingType))));
        }
        return ways;

        TypeArguments Within(ISymbol way, INamedTypeSymbol type) => TypeArguments.Within(type, way is IMethodSymbol method ? method.TypeParameters : ImmutableArray<ITypeParameterSymbol>.Empty, arguments);

        // An implementation may be inherited, by several classes.
        List<(ISymbol, TypeArguments)> Implementing(ISymbol definition, INamedTypeSymbol declaring, ITypeSymbol? receiver)
        {
            var found = new List<(ISymbol, TypeArguments)>();
            var seen = new HashSet<(ISymbol, ISymbol)>();
            if (!definition.IsAbstract)
                found.Add((definition, Within(definition, declaring)));
            foreach (var type in code.TypesWithBases(cancellation))
            {
                if (type.TypeKind != TypeKind.Class || receiver is { TypeKind: TypeKind.Interface } && !Implements(type, receiver))
                    continue;
                foreach (var implemented in type.AllInterfaces)
                {
                    if (!SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, declaring.OriginalDefinition) || TypeArguments.That(implemented.TypeArguments, declaring.TypeArguments) is not { } bound)
                        continue;
                    var own = implemented.GetMembers(definition.Name).FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, definition));
                    if (own is null || type.FindImplementationForInterfaceMember(own) is not { IsAbstract: false, ContainingType: { TypeKind: not TypeKind.Interface } owner } implementation)
                        continue;
                    var constructed = (INamedTypeSymbol)bound.Of(owner);
                    if (seen.Add((implementation.OriginalDefinition, constructed)))
                        found.Add((implementation.OriginalDefinition, Within(implementation.OriginalDefinition, constructed)));
                }
            }
            return found;
        }
    }

    private static bool Implements(INamedTypeSymbol type, ITypeSymbol receiver)
    {
        foreach (var implemented in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, receiver.OriginalDefinition))
                return true;
        }
        return false;
    }

    // What makes the base of a class the one that is meant.
    private static TypeArguments? BoundBy(INamedTypeSymbol type, INamedTypeSymbol declaring)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, declaring.OriginalDefinition))
                return TypeArguments.That(current.TypeArguments, declaring.TypeArguments);
        }
        return null;
    }
}

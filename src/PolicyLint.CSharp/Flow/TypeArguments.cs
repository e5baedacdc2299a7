using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Flow;

/// <summary>What the type parameters of generic code stand for on the way that leads there.</summary>
internal sealed class TypeArguments
{
    private readonly ImmutableDictionary<ISymbol, ITypeSymbol> _known;

    private TypeArguments(ImmutableDictionary<ISymbol, ITypeSymbol> known) => _known = known;

    /// <summary>Those of code that nothing is known of.</summary>
    public static TypeArguments None { get; } = new(ImmutableDictionary.Create<ISymbol, ITypeSymbol>(SymbolEqualityComparer.Default));

    /// <summary>A type as it is with these arguments.</summary>
    public ITypeSymbol Of(ITypeSymbol type)
    {
        if (_known.IsEmpty)
            return type;
        if (type is ITypeParameterSymbol)
            return _known.TryGetValue(type, out var known) ? known : type;
        return type is INamedTypeSymbol { TypeArguments.Length: > 0, IsUnboundGenericType: false } named
            ? named.ConstructedFrom.Construct([.. named.TypeArguments.Select(Of)])
            : type;
    }

    /// <summary>Those within a member: of the class that declares it, and its own.</summary>
    public static TypeArguments Within(INamedTypeSymbol? declaring, ImmutableArray<ITypeParameterSymbol> parameters, ImmutableArray<ITypeSymbol> arguments)
    {
        var known = None._known;
        for (var type = declaring; type is not null; type = type.ContainingType)
            known = Add(known, type.OriginalDefinition.TypeParameters, type.TypeArguments);
        known = Add(known, parameters, arguments);
        return known.IsEmpty ? None : new(known);
    }

    /// <summary>Those that make one list of types the other; null where none do.</summary>
    public static TypeArguments? That(ImmutableArray<ITypeSymbol> types, ImmutableArray<ITypeSymbol> become)
    {
        var known = None._known;
        for (var i = 0; i < types.Length && i < become.Length; i++)
        {
            if (!Match(types[i], become[i], ref known))
                return null;
        }
        return new(known);
    }

    /// <summary>A type parameter is left in a type.</summary>
    public static bool IsOpen(ITypeSymbol type) => type is ITypeParameterSymbol || type is INamedTypeSymbol named && named.TypeArguments.Any(IsOpen);

    private static ImmutableDictionary<ISymbol, ITypeSymbol> Add(ImmutableDictionary<ISymbol, ITypeSymbol> known, ImmutableArray<ITypeParameterSymbol> parameters, ImmutableArray<ITypeSymbol> arguments)
    {
        for (var i = 0; i < parameters.Length && i < arguments.Length; i++)
        {
            if (!IsOpen(arguments[i]))
                known = known.SetItem(parameters[i], arguments[i]);
        }
        return known;
    }

    private static bool Match(ITypeSymbol type, ITypeSymbol becomes, ref ImmutableDictionary<ISymbol, ITypeSymbol> known)
    {
        // What is not known yet may be anything.
        if (becomes is ITypeParameterSymbol)
            return true;
        if (type is ITypeParameterSymbol)
        {
            if (known.TryGetValue(type, out var other))
                return SymbolEqualityComparer.Default.Equals(other, becomes);
            if (!IsOpen(becomes))
                known = known.Add(type, becomes);
            return true;
        }
        if (type is not INamedTypeSymbol { TypeArguments.Length: > 0 } left)
            return SymbolEqualityComparer.Default.Equals(type, becomes);
        if (becomes is not INamedTypeSymbol right || !SymbolEqualityComparer.Default.Equals(left.OriginalDefinition, right.OriginalDefinition))
            return false;
        for (var i = 0; i < left.TypeArguments.Length; i++)
        {
            if (!Match(left.TypeArguments[i], right.TypeArguments[i], ref known))
                return false;
        }
        return true;
    }
}

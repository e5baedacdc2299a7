using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A query that another is joined with: Join, GroupJoin, LeftJoin, RightJoin from its other side, or `from` after `from`.</summary>
/// <param name="Inner">What is joined; it may have joins of its own, and its tables are counted as the whole query's.</param>
/// <param name="Outer">The elements that it is joined to.</param>
/// <param name="OuterKey">What of these is compared; null where nothing is.</param>
/// <param name="InnerKey">What it is compared with.</param>
internal sealed record EntityJoin(EntityQuery Inner, RowShape Outer, IAnonymousFunctionOperation? OuterKey, IAnonymousFunctionOperation? InnerKey)
{
    /// <summary>The elements stay where nothing fits.</summary>
    public bool IsLeft { get; init; }

    /// <summary>The same in a query that has so many tables before.</summary>
    public EntityJoin Behind(int tables) => this with { Inner = Inner.Behind(tables), Outer = Outer.Behind(tables) };

    /// <summary>The lambda of `from` after `from`, whose parameter is the element.</summary>
    public IAnonymousFunctionOperation? Source { get; init; }

    /// <summary>What is compared, in pairs; null where a part of it is not a plain list.</summary>
    public IReadOnlyList<(IOperation Outer, IOperation Inner)>? Pairs()
    {
        if (OuterKey is null || InnerKey is null)
            return [];
        if (RowShape.ValueOf(OuterKey)?.WithoutConversions() is not { } outer || RowShape.ValueOf(InnerKey)?.WithoutConversions() is not { } inner)
            return null;
        if (outer is not IAnonymousObjectCreationOperation { Initializers: var left } || inner is not IAnonymousObjectCreationOperation { Initializers: var right })
            return [(outer, inner)];
        return left.Length != right.Length ? null : [.. left.Zip(right, (first, second) => (ValueOf(first), ValueOf(second)))];

        static IOperation ValueOf(IOperation initializer) => initializer is ISimpleAssignmentOperation set ? set.Value : initializer;
    }
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Flow;

/// <summary>What is known of a value on one path.</summary>
internal abstract record FlowValue
{
    /// <summary>A string, or a StringBuilder's content.</summary>
    public sealed record Text(SqlText Sql) : FlowValue;

    /// <summary>A query of EF Core.</summary>
    public sealed record Query(EntityQuery Entities) : FlowValue;

    /// <summary>Strings side by side: an array, a list, params.</summary>
    public sealed record Texts(ImmutableArray<SqlText> Items) : FlowValue;

    /// <summary>Values of a tuple.</summary>
    public sealed record Tuple(ImmutableArray<FlowValue> Items) : FlowValue;

    /// <summary>Nothing is known.</summary>
    public sealed record Opaque(IOperation? Origin, string Reason) : FlowValue;
}

/// <summary>One path to a place: what locals and parameters hold there, and which conditions were taken.</summary>
internal sealed record PathState(ImmutableDictionary<ISymbol, FlowValue> Values, ImmutableDictionary<string, bool> Conditions) : FlowPath(Conditions)
{
    public static PathState Empty { get; } = new(
        ImmutableDictionary.Create<ISymbol, FlowValue>(SymbolEqualityComparer.Default), ImmutableDictionary.Create<string, bool>(StringComparer.Ordinal));

    public PathState With(ISymbol symbol, FlowValue value) => this with { Values = Values.SetItem(symbol, value) };
}

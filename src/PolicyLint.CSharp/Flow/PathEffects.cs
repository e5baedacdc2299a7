using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Flow;

/// <summary>One path to a place, with the conditions that it took.</summary>
internal abstract record FlowPath(ImmutableDictionary<string, bool> Conditions);

/// <summary>What the code does to the paths that lead through it.</summary>
internal interface IPathEffects<TPath> where TPath : FlowPath
{
    /// <summary>Counts a unit of work.</summary>
    void Step();

    /// <summary>The path behind an expression or simple statement; several where it branches.</summary>
    IReadOnlyList<TPath> Apply(IOperation operation, TPath path);

    /// <summary>The path into a lambda or local function, which may run later than where it stands.</summary>
    TPath Enter(IOperation function, TPath path);

    /// <summary>The path behind a using statement, whose resources are disposed of.</summary>
    TPath Leave(IOperation resources, TPath path);

    /// <summary>The paths that take no turn of a loop, beside those that take one.</summary>
    IReadOnlyList<TPath> Skip(IReadOnlyList<TPath> skipped, IReadOnlyList<TPath> turned);

    /// <summary>Makes too many paths fewer, where some differ in nothing that matters.</summary>
    IReadOnlyList<TPath> Join(IReadOnlyList<TPath> paths);
}

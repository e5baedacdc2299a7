using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp;

/// <summary>
/// What each file says by itself, before any name in it is bound. It is read once and kept for as long as the compiler keeps the tree:
/// after an edit the edited file alone is read again. Outlines hold no symbol and no node. One instance serves all threads.
/// </summary>
public sealed class SourceOutlines
{
    private readonly ConcurrentDictionary<Type, object> _kinds = new();

    /// <summary>The outline of a file of one kind; what two threads read at once is the same.</summary>
    internal TOutline Of<TOutline>(SyntaxTree tree, Func<SyntaxNode, TOutline> read, CancellationToken cancellation) where TOutline : class
    {
        var files = (ConditionalWeakTable<SyntaxTree, TOutline>)_kinds.GetOrAdd(typeof(TOutline), static _ => new ConditionalWeakTable<SyntaxTree, TOutline>());
        if (files.TryGetValue(tree, out var known))
            return known;
        cancellation.ThrowIfCancellationRequested();
        var outline = read(tree.GetRoot(cancellation));
        return files.GetValue(tree, _ => outline);
    }
}

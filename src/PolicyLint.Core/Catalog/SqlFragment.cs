using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>A tree and the text that its offsets belong to.</summary>
/// <typeparam name="TNode">Expression, query or body.</typeparam>
public sealed class SqlFragment<TNode>(TNode tree, SourceText source)
    where TNode : SqlNode
{
    private string? _printed;
    private object? _made;

    /// <summary>The tree.</summary>
    public TNode Tree { get; } = tree;

    /// <summary>The text that the tree's offsets belong to.</summary>
    public SourceText Source { get; } = source;

    /// <summary>The tree is what the text at its place says: no name in it was resolved or changed since.</summary>
    internal bool IsAsWritten { get; init; }

    /// <summary>The fragment printed in one canonical form, the same for texts that differ in blanks, case and redundant parentheses.</summary>
    public override string ToString() => _printed ??= SqlPrinter.Print(Tree);

    /// <summary>What is made of the tree, made once: every caller passes the same function.</summary>
    internal T Make<T>(Func<TNode, T> make)
        where T : class => (T)(_made ??= make(Tree));
}

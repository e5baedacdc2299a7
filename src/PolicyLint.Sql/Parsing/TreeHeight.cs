using System.Runtime.CompilerServices;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <summary>
/// Whether a tree is at most so high. Chains (a || b || …, UNION, JOIN) are parsed in a loop and nest to the left without bound,
/// but whoever visits the tree recurses.
/// </summary>
internal sealed class TreeHeight(int limit) : SqlVisitor
{
    private int _height;

    private bool IsExceeded { get; set; }

    public static bool IsWithin(SqlNode node, int limit)
    {
        var visitor = new TreeHeight(limit);
        visitor.Visit(node);
        return !visitor.IsExceeded;
    }

    public override void Visit(SqlNode? node)
    {
        if (node is null || IsExceeded)
            return;
        // A small stack refuses sooner: the parser's entry points turn the exception into the same error.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_height > limit)
            IsExceeded = true;
        else
            node.AcceptChildren(this);
        _height--;
    }
}

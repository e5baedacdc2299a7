using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <summary>Whether a tree is at most so high.</summary>
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
        if (++_height > limit)
            IsExceeded = true;
        else
            base.Visit(node);
        _height--;
    }
}

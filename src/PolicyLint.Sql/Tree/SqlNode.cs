namespace PolicyLint.Sql.Tree;

/// <summary>
/// A node of the syntax tree. Nodes are immutable; Start and End are UTF-16 offsets into the text that was parsed,
/// End exclusive, without surrounding blanks and comments.
/// </summary>
public abstract class SqlNode
{
    /// <summary>Offset of the first character.</summary>
    public int Start { get; init; }

    /// <summary>Offset after the last character.</summary>
    public int End { get; init; }

    /// <summary>The part of the text that the node covers.</summary>
    public Text.TextSpan Span => new(Start, End - Start);

    /// <summary>Calls the visitor's method for this node.</summary>
    public abstract void Accept(SqlVisitor visitor);

    /// <summary>Visits the child nodes in source order as the description of the node lists them.</summary>
    public abstract void AcceptChildren(SqlVisitor visitor);

    /// <summary>The node with its children and names rewritten; the node itself where none of them changed.</summary>
    public abstract SqlNode RewriteChildren(SqlRewriter rewriter);
}

/// <content>What every visitor shares.</content>
public abstract partial class SqlVisitor
{
    /// <summary>Visits a node; null is passed over. A tree may be of any height.</summary>
    public virtual void Visit(SqlNode? node)
    {
        if (node is null)
            return;
        if (CallStack.HasRoom)
            node.Accept(this);
        else
            VisitOnFreshStack(node);
    }

    /// <summary>Visits the nodes in order; null entries are passed over.</summary>
    public void VisitAll(SqlNode?[] nodes)
    {
        foreach (var node in nodes)
            Visit(node);
    }

    private void VisitOnFreshStack(SqlNode node) => CallStack.Continue(() =>
    {
        node.Accept(this);
        return node;
    });
}

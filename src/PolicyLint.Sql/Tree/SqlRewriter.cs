namespace PolicyLint.Sql.Tree;

/// <summary>
/// Makes a changed copy of a tree. What does not change is shared with the original; offsets stay those of the original text.
/// Override <see cref="Rewrite{T}"/> for whole nodes or the name methods for the names in them.
/// </summary>
public abstract class SqlRewriter
{
    /// <summary>The node that takes the place of a node; must be of a type that fits there. A tree may be of any height.</summary>
    public virtual T Rewrite<T>(T node)
        where T : SqlNode => (T)(CallStack.HasRoom ? node.RewriteChildren(this) : RewriteOnFreshStack(node));

    /// <summary>The name that takes the place of an object's name in a node.</summary>
    public virtual ObjectName RewriteObjectName(SqlNode owner, ObjectName name) => name;

    /// <summary>The name that takes the place of a simple name in a node.</summary>
    public virtual Name RewriteName(SqlNode owner, Name name) => name;

    /// <summary>Rewrites a list; the same array where no element changed.</summary>
    public virtual T[] RewriteAll<T>(T[] nodes)
        where T : SqlNode?
    {
        T[]? changed = null;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not { } node)
                continue;
            var rewritten = Rewrite<SqlNode>(node);
            if (ReferenceEquals(rewritten, node))
                continue;
            changed ??= (T[])nodes.Clone();
            changed[i] = (T)rewritten;
        }
        return changed ?? nodes;
    }

    private SqlNode RewriteOnFreshStack(SqlNode node) => CallStack.Continue(() => node.RewriteChildren(this));

    /// <summary>Whether two names say the same.</summary>
    public static bool AreSame(Name left, Name right) => left == right;

    /// <summary>Whether two names say the same, qualifiers included.</summary>
    public static bool AreSame(ObjectName left, ObjectName right)
    {
        if (left.Name != right.Name || left.Qualifier != right.Qualifier || left.Outer.Count != right.Outer.Count)
            return false;
        for (var i = 0; i < left.Outer.Count; i++)
        {
            if (left.Outer[i] != right.Outer[i])
                return false;
        }
        return true;
    }
}

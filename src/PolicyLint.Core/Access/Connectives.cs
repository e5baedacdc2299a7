using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>The parts of a condition that AND or OR join at the top.</summary>
internal static class Connectives
{
    /// <summary>The operands of an AND at the top, or the condition itself.</summary>
    public static IEnumerable<Expression> Conjuncts(Expression condition) => Parts(condition, LogicalOperator.And);

    /// <summary>The operands of an OR at the top, or the condition itself.</summary>
    public static IEnumerable<Expression> Disjuncts(Expression condition) => Parts(condition, LogicalOperator.Or);

    private static IEnumerable<Expression> Parts(Expression condition, LogicalOperator connective)
    {
        var pending = new Stack<Expression>();
        pending.Push(condition);
        while (pending.Count > 0)
        {
            var part = pending.Pop();
            if (part is not LogicalExpression logical || logical.Operator != connective)
            {
                yield return part;
                continue;
            }
            for (var i = logical.Operands.Length - 1; i >= 0; i--)
                pending.Push(logical.Operands[i]);
        }
    }
}

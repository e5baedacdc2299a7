using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>
/// The functions that a predicate calls in any plan. The planner drops what constants decide: of `true OR f(a)` the call goes, and with it the question
/// whether the role may execute f (clauses.c simplify_or_arguments; since PostgreSQL 17 also of `a IS NOT NULL OR f(a)` where a is NOT NULL).
/// </summary>
internal sealed class CertainCalls
{
    private readonly List<ObjectName> _names = [];

    /// <summary>The names; null where some part of the predicate may be decided before it runs.</summary>
    public static IReadOnlyList<ObjectName>? Of(Expression predicate)
    {
        var calls = new CertainCalls();
        return calls.Reads(predicate) ? calls._names : null;
    }

    private bool Reads(Expression condition)
    {
        switch (condition)
        {
            case LogicalExpression logical:
                return Array.TrueForAll(logical.Operands, Reads);
            case NotExpression not:
                return Reads(not.Operand);
            case InSubquery or ExistsSubquery or ColumnReference:
                return true;
            case OperatorExpression { Left: { } left } comparison:
                var dependsOnLeft = false;
                var dependsOnRight = false;
                return IsValue(left, ref dependsOnLeft) && IsValue(comparison.Right, ref dependsOnRight) && (dependsOnLeft || dependsOnRight) && !AreColumns(left, comparison.Right);
            case FunctionCall or ScalarSubquery:
                var depends = false;
                return IsValue(condition, ref depends) && depends;
            default:
                return false;
        }
    }

    // A column, a constant that is not NULL, or a call of such; whether it depends on the row or the session.
    private bool IsValue(Expression value, ref bool depends)
    {
        switch (value)
        {
            case ColumnReference { IsStar: false }:
                depends = true;
                return true;
            case Literal literal:
                return literal.Kind != LiteralKind.Null;
            case CastExpression cast:
                return IsValue(cast.Operand, ref depends);
            case ScalarSubquery { Query: SelectQuery { From.Length: 0, Where: null, Targets.Length: 1 } wrapped }:
                return IsValue(wrapped.Targets[0].Value, ref depends);
            case OperatorExpression { Left: { } left } operation:
                return IsValue(left, ref depends) && IsValue(operation.Right, ref depends);
            case FunctionCall { Over: null, Filter: null, IsStar: false } call:
                depends |= SessionTerms.IsSessionFunction(call);
                foreach (var argument in call.Arguments)
                {
                    if (!IsValue(argument, ref depends))
                        return false;
                }
                _names.Add(call.Name);
                return true;
            default:
                return false;
        }
    }

    // `a = a` is `a IS NOT NULL` to the planner. Two columns that differ are left out with it: fewer calls are certain then, never more.
    private static bool AreColumns(Expression left, Expression right) => left is ColumnReference && right is ColumnReference;
}

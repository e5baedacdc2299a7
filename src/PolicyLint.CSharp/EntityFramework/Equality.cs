using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Equalities among the conditions of a lambda that must all hold.</summary>
internal static class Equality
{
    /// <summary>Both sides of each, `==` and Equals alike.</summary>
    public static IEnumerable<(IOperation Left, IOperation Right)> AllOf(IAnonymousFunctionOperation lambda)
    {
        var pending = new Stack<IOperation>();
        if (RowShape.ValueOf(lambda) is { } condition)
            pending.Push(condition);
        while (pending.Count > 0)
        {
            switch (pending.Pop().WithoutConversions())
            {
                case IParenthesizedOperation parenthesized:
                    pending.Push(parenthesized.Operand);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } both:
                    pending.Push(both.LeftOperand);
                    pending.Push(both.RightOperand);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equality:
                    yield return (equality.LeftOperand.WithoutConversions(), equality.RightOperand.WithoutConversions());
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Equals", IsStatic: false }, Instance: { } instance, Arguments: [var other] }:
                    yield return (instance.WithoutConversions(), other.Value.WithoutConversions());
                    break;
            }
        }
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.Flow;

/// <summary>A condition that paths part at: of a statement, or of an expression that chooses between values.</summary>
internal readonly struct Branch
{
    private readonly string? _text;
    private readonly bool _isNegated;

    public Branch(IOperation condition) => _text = TextOf(condition, out _isNegated);

    /// <summary>The path on which the condition is as given; null where the path took the same condition the other way.</summary>
    public TPath? Take<TPath>(TPath path, bool isTrue) where TPath : FlowPath
    {
        if (_text is null)
            return path;
        var value = isTrue != _isNegated;
        if (path.Conditions.TryGetValue(_text, out var known))
            return known == value ? path : null;
        return path with { Conditions = path.Conditions.SetItem(_text, value) };
    }

    // Only what reads locals, parameters and constants keeps its value until it is asked again.
    private static string? TextOf(IOperation condition, out bool isNegated)
    {
        isNegated = false;
        while (condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not)
        {
            isNegated = !isNegated;
            condition = not.Operand;
        }
        foreach (var part in condition.DescendantsAndSelf())
        {
            if (part is not (IParameterReferenceOperation or ILocalReferenceOperation or ILiteralOperation or IBinaryOperation or IConversionOperation
                or IIsPatternOperation or IPatternOperation or IDefaultValueOperation or IPropertyReferenceOperation { Property.Name: "HasValue" or "Length" or "Count" }
                or IInvocationOperation { TargetMethod: { Name: "IsNullOrEmpty" or "IsNullOrWhiteSpace", ContainingType.SpecialType: SpecialType.System_String } } or IArgumentOperation))
                return null;
        }
        if (condition is IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } differs && differs.Syntax is BinaryExpressionSyntax { Left: var left, Right: var right })
        {
            isNegated = !isNegated;
            return left + " == " + right;
        }
        return condition.Syntax is BinaryExpressionSyntax { Left: var first, OperatorToken.Text: "==", Right: var second } ? first + " == " + second : condition.Syntax.ToString();
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Query filters as far as their syntax shows what they demand.</summary>
internal static class FilterSyntax
{
    /// <summary>The lambda of a HasQueryFilter; null where it is given something else.</summary>
    public static LambdaExpressionSyntax? LambdaOf(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments is [.., { NameColon: null, Expression: LambdaExpressionSyntax lambda }] && ParameterOf(lambda) is not null ? lambda : null;

    /// <summary>The only parameter of a lambda; null where it has none or several.</summary>
    public static string? ParameterOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax { Parameter.Identifier.ValueText: var name } => name,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [{ Identifier.ValueText: var name }] } => name,
        _ => null,
    };

    /// <summary>
    /// The properties that must equal a value for a row to pass: `note =&gt; note.UserId == user &amp;&amp; …`. There may be more; a
    /// constant, which could be null, is none.
    /// </summary>
    /// <param name="model">The semantics of the file: it is asked for names alone.</param>
    public static IEnumerable<string> Compared(LambdaExpressionSyntax lambda, SemanticModel model) =>
        lambda.ExpressionBody is { } condition && ParameterOf(lambda) is { } row ? Compared(condition, row, model) : [];

    private static IEnumerable<string> Compared(ExpressionSyntax condition, string row, SemanticModel model)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Compared(parenthesized.Expression, row, model);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both:
                return Compared(both.Left, row, model).Concat(Compared(both.Right, row, model));
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } equality:
                if (PropertyOf(equality.Left, row) is { } left && IsValue(equality.Right, row, model))
                    return [left];
                return PropertyOf(equality.Right, row) is { } right && IsValue(equality.Left, row, model) ? [right] : [];
            default:
                return [];
        }
    }

    private static string? PropertyOf(ExpressionSyntax side, string row) =>
        side is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var owner }, Name: IdentifierNameSyntax { Identifier.ValueText: var property } } && owner == row ? property : null;

    // What a variable or a member of this object holds or reaches: `user`, `this.user`, `_users.Current.Id`, `_users.GetId()`.
    private static bool IsValue(ExpressionSyntax value, string row, SemanticModel model) => value switch
    {
        ParenthesizedExpressionSyntax parenthesized => IsValue(parenthesized.Expression, row, model),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => IsValue(sure.Operand, row, model),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => IsVariable(name, model),
        MemberAccessExpressionSyntax { Expression: var owner } => IsValue(owner, row, model),
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Expression: var owner } } => IsValue(owner, row, model),
        IdentifierNameSyntax name => name.Identifier.ValueText != row && IsVariable(name, model),
        _ => false,
    };

    // `Color.Red` may be a member of the property Color or a constant of the type Color.
    private static bool IsVariable(IdentifierNameSyntax name, SemanticModel model) => model.LookupSymbols(PlaceOf(name), name: name.Identifier.ValueText) is [var symbol] && symbol switch
    {
        IFieldSymbol { IsConst: false, Type.Name: var type } => type != symbol.Name,
        IPropertySymbol { Type.Name: var type } => type != symbol.Name,
        IParameterSymbol { Type.Name: var type } => type != symbol.Name,
        _ => false,
    };

    // At the beginning of the method's body: what the lambda itself declares is found nowhere else, and asking there would bind it.
    private static int PlaceOf(SyntaxNode node)
    {
        var method = node.FirstAncestorOrSelf<MethodDeclarationSyntax>();
        return method?.Body?.OpenBraceToken.Span.End ?? method?.ExpressionBody?.Expression.SpanStart ?? node.SpanStart;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A query filter as far as its syntax shows what it demands.</summary>
internal sealed class FilterSyntax
{
    private readonly string _row;
    private readonly LambdaExpressionSyntax _lambda;
    private readonly INamedTypeSymbol _type;
    private readonly List<string> _compared = [];

    private FilterSyntax(LambdaExpressionSyntax lambda, string row, INamedTypeSymbol type) => (_lambda, _row, _type) = (lambda, row, type);

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
    /// constant, which could be null, is no value. Nothing is bound: what a name means is looked up among the members of the type.
    /// </summary>
    /// <param name="lambda">The lambda, in a method that declares no variables.</param>
    /// <param name="type">The type that the method is in.</param>
    public static IReadOnlyList<string> Compared(LambdaExpressionSyntax lambda, INamedTypeSymbol type)
    {
        if (lambda.ExpressionBody is not { } condition || ParameterOf(lambda) is not { } row)
            return [];
        var filter = new FilterSyntax(lambda, row, type);
        filter.Read(condition);
        return filter._compared;
    }

    private void Read(ExpressionSyntax condition)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                Read(parenthesized.Expression);
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both:
                Read(both.Left);
                Read(both.Right);
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } equality:
                if (PropertyOf(equality.Left) is { } left && IsValue(equality.Right))
                    _compared.Add(left);
                else if (PropertyOf(equality.Right) is { } right && IsValue(equality.Left))
                    _compared.Add(right);
                break;
        }
    }

    private string? PropertyOf(ExpressionSyntax side) =>
        side is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var owner }, Name: IdentifierNameSyntax { Identifier.ValueText: var property } } && owner == _row ? property : null;

    // What a member of the type holds or reaches: `user`, `this.user`, `_users.Current.Id`, `_users.GetId()`.
    private bool IsValue(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax parenthesized => IsValue(parenthesized.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => IsValue(sure.Operand),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax { Identifier.ValueText: var name } } => IsMember(name) == true,
        MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression, Expression: var owner } => IsValue(owner),
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Expression: var owner } } => IsValue(owner),
        IdentifierNameSyntax { Identifier.ValueText: var name } => !IsHidden(name) && (IsMember(name) ?? IsGiven(name)),
        _ => false,
    };

    // Null where the type has no such member.
    private bool? IsMember(string name)
    {
        for (var type = _type; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers(name))
            {
                var isOwn = SymbolEqualityComparer.Default.Equals(type, _type);
                if (!isOwn && member.DeclaredAccessibility == Accessibility.Private)
                    continue;
                return IsVariable(member) && (isOwn || member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal);
            }
        }
        return null;
    }

    // `Color.Red` may be a member of what the property Color holds, or a constant of the type Color.
    private static bool IsVariable(ISymbol member) => member switch
    {
        IFieldSymbol { IsConst: false, Type.Name: var type } => type != member.Name,
        IPropertySymbol { Type.Name: var type } => type != member.Name,
        _ => false,
    };

    // A parameter of the primary constructor.
    private bool IsGiven(string name)
    {
        foreach (var parameter in _lambda.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.ParameterList?.Parameters ?? [])
        {
            if (parameter.Identifier.ValueText == name)
                return parameter.Type?.GetLastToken().ValueText != name;
        }
        return false;
    }

    // By the lambda itself, one around it or the method.
    private bool IsHidden(string name)
    {
        if (name == _row)
            return true;
        foreach (var outer in _lambda.Ancestors())
        {
            if (outer is LambdaExpressionSyntax around && (ParameterOf(around) is not { } given || given == name))
                return true;
            if (outer is MethodDeclarationSyntax method)
                return method.ParameterList.Parameters.Any(parameter => parameter.Identifier.ValueText == name);
        }
        return true;
    }
}

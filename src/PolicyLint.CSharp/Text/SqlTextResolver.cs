using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Text;

/// <summary>Finds out which text an expression has, as far as it is constant: literals, concatenations, constants, fields and locals that are set once.</summary>
public static class SqlTextResolver
{
    private const int MaximumDepth = 64;

    /// <summary>The text, or null with a reason in words.</summary>
    public static SqlText? Resolve(ExpressionSyntax expression, SemanticModel model, out string reason, CancellationToken cancellation)
    {
        var resolver = new Resolution(model, cancellation);
        var text = resolver.Resolve(expression, 0);
        reason = text is null ? resolver.Reason : "";
        return text;
    }

    private sealed class Resolution(SemanticModel model, CancellationToken cancellation)
    {
        public string Reason { get; private set; } = "";

        public SqlText? Resolve(ExpressionSyntax expression, int depth)
        {
            if (depth > MaximumDepth)
                return Fail("it is made of too many parts");
            switch (expression)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    return Resolve(parenthesized.Expression, depth + 1);
                case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                    return LiteralMap.Map(literal.Token) ?? SqlText.FromUse(literal.Token.ValueText, literal);
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                    return Resolve(sum.Left, depth + 1) is { } left && Resolve(sum.Right, depth + 1) is { } right ? SqlText.Concat(left, right) : Constant(expression);
                case InterpolatedStringExpressionSyntax interpolated:
                    return Interpolated(interpolated, depth);
                case IdentifierNameSyntax or MemberAccessExpressionSyntax:
                    return Named(expression, depth);
                default:
                    return Constant(expression);
            }
        }

        private SqlText? Interpolated(InterpolatedStringExpressionSyntax interpolated, int depth)
        {
            var text = SqlText.FromUse("", interpolated);
            foreach (var content in interpolated.Contents)
            {
                var part = content switch
                {
                    InterpolatedStringTextSyntax literal => LiteralMap.Map(literal.TextToken) ?? SqlText.FromUse(literal.TextToken.ValueText, literal),
                    InterpolationSyntax { FormatClause: null, AlignmentClause: null } hole => Resolve(hole.Expression, depth + 1),
                    _ => Fail("it has a formatted hole"),
                };
                if (part is null)
                    return null;
                text = SqlText.Concat(text, part);
            }
            return text;
        }

        private SqlText? Named(ExpressionSyntax expression, int depth)
        {
            if (!ReferenceEquals(expression.SyntaxTree, model.SyntaxTree))
                return Fail("it is made of names of another file");
            var symbol = model.GetSymbolInfo(expression, cancellation).Symbol;
            var isFixed = symbol is IFieldSymbol { IsConst: true } or ILocalSymbol { IsConst: true } or IFieldSymbol { IsStatic: true, IsReadOnly: true }
                || (symbol is ILocalSymbol local && IsSetOnce(local));
            if (!isFixed)
                return Constant(expression);
            foreach (var reference in symbol!.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value } && Resolve(value, depth + 1) is { } text)
                    return text;
            }
            return Constant(expression);
        }

        // The text is known to the compiler, but not character by character.
        private SqlText? Constant(ExpressionSyntax expression)
        {
            if (ReferenceEquals(expression.SyntaxTree, model.SyntaxTree) && model.GetConstantValue(expression, cancellation) is { HasValue: true, Value: { } value })
                return SqlText.FromUse(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "", expression);
            return Fail("it is not constant");
        }

        private static bool IsSetOnce(ILocalSymbol local)
        {
            foreach (var reference in local.DeclaringSyntaxReferences)
            {
                var declarator = reference.GetSyntax();
                var body = declarator.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? declarator.SyntaxTree.GetRoot();
                foreach (var node in body.DescendantNodes())
                {
                    if (node is AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } && target.Identifier.ValueText == local.Name)
                        return false;
                    if (node is ArgumentSyntax { RefOrOutKeyword.RawKind: not 0, Expression: IdentifierNameSyntax argument } && argument.Identifier.ValueText == local.Name)
                        return false;
                }
            }
            return true;
        }

        private SqlText? Fail(string reason)
        {
            if (Reason.Length == 0)
                Reason = reason;
            return null;
        }
    }
}

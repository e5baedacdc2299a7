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
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when IsConcatenation(sum):
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
            var isFixed = symbol is IFieldSymbol { IsConst: true } or ILocalSymbol { IsConst: true } 
                || (symbol is ILocalSymbol or IFieldSymbol { IsStatic: true, IsReadOnly: true } && IsSetOnce(symbol));
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

        // A sum of numbers has another text than its numbers side by side. The types of another file's expressions are not at hand, its literals are.
        private bool IsConcatenation(BinaryExpressionSyntax sum) => ReferenceEquals(sum.SyntaxTree, model.SyntaxTree)
            ? model.GetTypeInfo(sum, cancellation).Type?.SpecialType == SpecialType.System_String
            : IsString(sum.Left) || IsString(sum.Right);

        private static bool IsString(ExpressionSyntax expression)
        {
            while (expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum && !IsString(sum.Right))
                expression = sum.Left;
            return expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } or InterpolatedStringExpressionSyntax
                or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression };
        }

        // By name alone: another variable of that name costs a text, never gives a wrong one.
        private bool IsSetOnce(ISymbol symbol)
        {
            foreach (var reference in symbol is ILocalSymbol ? symbol.DeclaringSyntaxReferences : symbol.ContainingType.DeclaringSyntaxReferences)
            {
                foreach (var node in Scope(reference.GetSyntax(cancellation), symbol).DescendantNodes())
                {
                    if (node is IdentifierNameSyntax name && name.Identifier.ValueText == symbol.Name && IsWritten(name))
                        return false;
                }
            }
            return true;
        }

        // A local of top-level statements may be set by any of them.
        private static SyntaxNode Scope(SyntaxNode declaration, ISymbol symbol) => symbol is not ILocalSymbol
            ? declaration
            : declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>(member => member is not GlobalStatementSyntax) ?? declaration.SyntaxTree.GetRoot();

        private static bool IsWritten(IdentifierNameSyntax name)
        {
            SyntaxNode target = name;
            while (target.Parent is ParenthesizedExpressionSyntax or TupleExpressionSyntax or MemberAccessExpressionSyntax
                || target.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax })
            {
                if (target.Parent is MemberAccessExpressionSyntax access && access.Name != target)
                    return false;
                target = target.Parent;
            }
            return target.Parent switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left == target,
                ArgumentSyntax argument => !argument.RefOrOutKeyword.IsKind(SyntaxKind.None),
                RefExpressionSyntax => true,
                _ => false,
            };
        }

        private SqlText? Fail(string reason)
        {
            if (Reason.Length == 0)
                Reason = reason;
            return null;
        }
    }
}

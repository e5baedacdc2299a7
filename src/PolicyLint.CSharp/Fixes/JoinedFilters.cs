using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Joins two query filters of an entity, of which EF Core would keep the last alone.</summary>
internal static class JoinedFilters
{
    /// <summary>The fix; null where the two do not stand side by side.</summary>
    public static SiteFix? Of(ProjectAnalysis project, QueryFilter before, QueryFilter after, CancellationToken cancellation)
    {
        if (before.Predicate?.Syntax is not LambdaExpressionSyntax { ExpressionBody: { } first } || after.Predicate?.Syntax is not LambdaExpressionSyntax { ExpressionBody: { } second })
            return null;
        var (row, other) = (after.Predicate.Symbol.Parameters[0], before.Predicate.Symbol.Parameters[0]);
        if (!SymbolEqualityComparer.Default.Equals(row.Type, other.Type) || Rename(project.Code.ModelOf(first.SyntaxTree), first, other, row.Name, cancellation) is not { } condition)
            return null;
        if (Remove(before.Syntax, after.Syntax) is not { } removal)
            return null;
        return new("Join the two filters", ImmutableArray.Create(removal, new(second.SyntaxTree, second.Span, $"{condition} && {Operand(second, second)}")));
    }

    // Null where the name has another meaning in the condition.
    private static string? Rename(SemanticModel model, ExpressionSyntax condition, ISymbol row, string name, CancellationToken cancellation)
    {
        var isTaken = row.Name != name && condition.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);
        if (isTaken)
            return null;
        var renamed = condition.ReplaceNodes(
            condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(use => SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(use, cancellation).Symbol, row)),
            (use, _) => use.WithIdentifier(SyntaxFactory.Identifier(use.Identifier.LeadingTrivia, name, use.Identifier.TrailingTrivia)));
        return Operand(condition, renamed);
    }

    private static string Operand(ExpressionSyntax condition, ExpressionSyntax written) =>
        condition.Kind() is SyntaxKind.ConditionalExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression ? $"({written})" : written.ToString();

    // A statement of its own in the same block, or a link of the same chain: what stands between would run with the first filter alone.
    private static CodeEdit? Remove(InvocationExpressionSyntax removed, InvocationExpressionSyntax kept)
    {
        if (removed.Expression is not MemberAccessExpressionSyntax { Expression: var receiver })
            return null;
        if (kept.Expression.Contains(removed))
            return new(removed.SyntaxTree, TextSpan.FromBounds(receiver.Span.End, removed.Span.End), "");
        if (removed.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } statement || kept.FirstAncestorOrSelf<StatementSyntax>()?.Parent != block)
            return null;
        return receiver is IdentifierNameSyntax or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax, Name: GenericNameSyntax { Identifier.ValueText: "Entity" } } }
            ? new(removed.SyntaxTree, LinesOf(statement), "")
            : new(removed.SyntaxTree, TextSpan.FromBounds(receiver.Span.End, removed.Span.End), "");
    }

    // With its indentation and the end of its line, where nothing else stands there.
    private static TextSpan LinesOf(StatementSyntax statement)
    {
        var text = statement.SyntaxTree.GetText();
        var (first, last) = (text.Lines.GetLineFromPosition(statement.SpanStart), text.Lines.GetLineFromPosition(statement.Span.End));
        var behind = text.ToString(TextSpan.FromBounds(statement.Span.End, last.End));
        var isAlone = string.IsNullOrWhiteSpace(behind) && string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(first.Start, statement.SpanStart)));
        return isAlone ? TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak) : TextSpan.FromBounds(statement.SpanStart, statement.Span.End + behind.Length - behind.TrimStart().Length);
    }
}

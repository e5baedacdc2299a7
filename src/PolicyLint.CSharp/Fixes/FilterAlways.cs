using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Takes the `if` away from around a predicate that must hold for an empty list, too.</summary>
internal static class FilterAlways
{
    /// <summary>The fix; null where the condition asks for more than the list's elements, or the `if` does more than `query = query.Where(…)`.</summary>
    public static SiteFix? Of(IConditionalOperation conditional)
    {
        if (conditional is not { Condition: not IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd }, Syntax: IfStatementSyntax { Parent: BlockSyntax } outer })
            return null;
        var body = conditional.WhenTrue is IBlockOperation { Operations: [var only] } ? only : conditional.WhenTrue;
        if (body is not IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: var query, Value: var filtered }, Syntax: var statement } || !IsWhereOf(filtered, query))
            return null;
        var isRemarked = outer.DescendantTrivia().Any(trivia => !statement.Span.Contains(trivia.Span) && outer.Span.Contains(trivia.Span) && !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return isRemarked || Unindented(statement, outer) is not { } text ? null : new("Filter by the list always", ImmutableArray.Create(new CodeEdit(outer.SyntaxTree, outer.Span, text)));
    }

    private static bool IsWhereOf(IOperation filtered, IOperation query) =>
        filtered.WithoutConversions() is IInvocationOperation { TargetMethod: { Name: "Where", IsExtensionMethod: true }, Arguments: [{ Value: var source }, _] }
        && source.WithoutConversions() is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
        && source.WithoutConversions().Syntax.ToString() == query.Syntax.ToString();

    // The statement's lines where the `if` begins; null where a line of it is part of a literal.
    private static string? Unindented(SyntaxNode statement, SyntaxNode outer)
    {
        var source = outer.SyntaxTree.GetText();
        if (statement.DescendantTokens().Any(token => token.Span.Length > 0 && source.Lines.GetLineFromPosition(token.SpanStart).LineNumber != source.Lines.GetLineFromPosition(token.Span.End).LineNumber))
            return null;
        var inner = SourceLines.BreakAt(source, statement.SpanStart);
        return statement.ToString().Replace(inner, SourceLines.BreakAt(source, outer.SpanStart));
    }
}

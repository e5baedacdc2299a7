using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Edits of SQL as edits of the literals that it is written in.</summary>
internal static class LiteralEdit
{
    /// <summary>
    /// The edit that puts a text into the SQL of a call; null where the SQL at that offset is not the call's own: what other calls use, too,
    /// or what no literal holds.
    /// </summary>
    public static CodeEdit? Insert(ProjectAnalysis project, SqlCall call, SqlText sql, int offset, string text, CancellationToken cancellation)
    {
        // At the very front there is no character to stand behind.
        if (offset == 0 || sql.Behind(offset) is not { } place || !IsOwn(project, call, place.Tree, place.Position, cancellation))
            return null;
        return LiteralAt(place.Tree, place.Position, cancellation) is { } token ? CodeEdit.Insert(place.Tree, place.Position, Escape(text, token)) : null;
    }

    /// <summary>The edit that replaces a part of the SQL, which must stand in one literal: an interpolated one with its holes.</summary>
    public static CodeEdit? Replace(ProjectAnalysis project, SqlCall call, SqlText sql, int start, int end, string text, CancellationToken cancellation)
    {
        if (start == 0 || Insert(project, call, sql, end, text, cancellation) is not { } edit || sql.Behind(start) is not { } from || from.Tree.FilePath != edit.Path || from.Position > edit.Span.Start)
            return null;
        return LiteralAt(from.Tree, from.Position + 1, cancellation) == LiteralAt(from.Tree, edit.Span.Start, cancellation) ? edit with { Span = TextSpan.FromBounds(from.Position, edit.Span.Start) } : null;
    }

    /// <summary>A value as a hole of the interpolated string that a place stands in.</summary>
    public static string Hole(InterpolatedStringExpressionSyntax interpolated, string expression)
    {
        var count = interpolated.StringStartToken.Text.Count(c => c == '$');
        return new string('{', count) + expression + new string('}', count);
    }

    /// <summary>The text belongs to this call alone.</summary>
    public static bool IsOwn(ProjectAnalysis project, SqlCall call, SyntaxTree tree, int position, CancellationToken cancellation)
    {
        if (ReferenceEquals(call.Sql.Syntax.SyntaxTree, tree) && call.Sql.Syntax.Span.Contains(position - 1))
            return true;
        var declarator = tree.GetRoot(cancellation).FindToken(position - 1).Parent?.FirstAncestorOrSelf<VariableDeclaratorSyntax>();
        if (declarator?.Initializer is null || project.Code.ModelOf(tree).GetDeclaredSymbol(declarator, cancellation) is not (ILocalSymbol or IFieldSymbol { DeclaredAccessibility: Accessibility.Private }))
            return false;
        SyntaxNode? scope = declarator.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } field ? field.Parent : declarator.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (scope is null || scope is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword))
            return false;
        var uses = scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == declarator.Identifier.ValueText).ToList();
        return uses is [var use] && ReferenceEquals(call.Sql.Syntax.SyntaxTree, tree) && call.Sql.Syntax.Span.Contains(use.Span);
    }

    private static SyntaxToken? LiteralAt(SyntaxTree tree, int position, CancellationToken cancellation)
    {
        var token = tree.GetRoot(cancellation).FindToken(position - 1);
        if (token.Parent?.FirstAncestorOrSelf<InterpolatedStringExpressionSyntax>() is { } interpolated && !token.IsKind(SyntaxKind.StringLiteralToken))
            return interpolated.StringStartToken;
        return token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken ? token : null;
    }

    // Names may stand in double quotes; nothing else in what is put in needs care.
    private static string Escape(string text, SyntaxToken literal)
    {
        var start = literal.Text.TrimStart('$');
        return start.StartsWith("\"\"\"", StringComparison.Ordinal) ? text : text.Replace("\"", start.StartsWith("@", StringComparison.Ordinal) ? "\"\"" : "\\\"");
    }
}

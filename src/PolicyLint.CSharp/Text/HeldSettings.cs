using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using SyntaxTree = Microsoft.CodeAnalysis.SyntaxTree;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Text;

/// <summary>The texts of a file that set who the session is for as long as it lives.</summary>
/// <param name="Held">The settings, in source order.</param>
internal sealed record HeldSettings(IReadOnlyList<(string Name, TextSpan Text, bool IsInInterceptor)> Held)
{
    public static HeldSettings Read(SyntaxNode root)
    {
        var held = new List<(string, TextSpan, bool)>();
        foreach (var (text, node) in Texts(root))
        {
            if (text.IndexOf("set", StringComparison.OrdinalIgnoreCase) < 0)
                continue;
            foreach (var statement in SqlParser.Parse(new SourceText(text, root.SyntaxTree.FilePath), SqlParseOptions.DotNet).Statements)
            {
                foreach (var setting in SessionSettings.In(statement))
                {
                    if (!setting.IsLocal && setting.HoldsIdentity)
                        held.Add((setting.Name, node.Span, SessionSettings.IsInInterceptor(node)));
                }
            }
        }
        return new(held);
    }

    /// <summary>Whether the text at a place is the first of those outside of interceptors that run as a statement and make the setting; true where it is none that is seen.</summary>
    public static bool IsFirst(string setting, Location place, ProjectAnalysis project, CancellationToken cancellation)
    {
        var texts = Of(setting, project, cancellation).ToList();
        return !texts.Exists(text => IsAt(text, place)) || texts.Find(text => IsRun(text, project, cancellation)) is not { Tree: not null } first || IsAt(first, place);
    }

    /// <summary>How many texts make the setting, those in interceptors apart.</summary>
    public static int Count(string setting, ProjectAnalysis project, CancellationToken cancellation) => Of(setting, project, cancellation).Count();

    private static IEnumerable<(SyntaxTree Tree, TextSpan Span)> Of(string setting, ProjectAnalysis project, CancellationToken cancellation) =>
        project.Code.OutlinesOf(Read, cancellation).OrderBy(file => file.Tree.FilePath, StringComparer.Ordinal)
            .SelectMany(file => file.Outline.Held.Where(held => held.Name == setting && !held.IsInInterceptor).Select(held => (file.Tree, held.Text)));

    private static bool IsAt((SyntaxTree Tree, TextSpan Span) text, Location place) => ReferenceEquals(text.Tree, place.SourceTree) && text.Span.Contains(place.SourceSpan);

    private static bool IsRun((SyntaxTree Tree, TextSpan Span) text, ProjectAnalysis project, CancellationToken cancellation)
    {
        var node = text.Tree.GetRoot(cancellation).FindNode(text.Span, getInnermostNodeForTie: true);
        var statement = node.Ancestors().FirstOrDefault(parent => parent is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or AssignmentExpressionSyntax or StatementSyntax or MemberDeclarationSyntax);
        return statement is ExpressionSyntax && project.Code.ModelOf(text.Tree).GetOperation(statement, cancellation) is { } operation && project.SiteOf(operation, cancellation).Texts.Count > 0;
    }

    // String literals; of interpolated strings with a word in the place of each hole.
    private static IEnumerable<(string Text, SyntaxNode Node)> Texts(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes())
        {
            if (node is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal)
                yield return (literal.Token.ValueText, node);
            else if (node is InterpolatedStringExpressionSyntax interpolated)
                yield return (string.Concat(interpolated.Contents.Select(part => part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "hole")), node);
        }
    }
}

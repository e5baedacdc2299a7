using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Sends a value as a parameter that stood in the text of a statement.</summary>
internal static class ConcatenatedValue
{
    /// <summary>The fix; null where the value is compared with no column of text, or stands in no literal of the call's own.</summary>
    public static SiteFix? Of(TextRuleContext context, SqlHole hole)
    {
        var project = context.Project;
        if (context.Call.Sink.Type.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal) || project.SiteOf(context.Call.Operation, context.Cancellation) is not { Unread.Length: 0, Texts.Count: 1 } || NameOf(hole.Value!.Syntax) is not { } name)
            return null;
        var index = context.Text.Holes.ToList().IndexOf(hole);
        var search = new Search("@" + SqlText.HoleName + index.ToString(CultureInfo.InvariantCulture), context.Text.Text);
        foreach (var statement in context.Statements)
            search.Visit(statement);
        if (search.Found is not [var value] || !IsText(context, value.Column))
            return null;

        var expression = hole.Value.Syntax.ToString();
        if (BoundValue.Add(context.Call, context.Bindings, name, expression) is not { } bound || Edit(context, hole, value, bound.Written) is not { } edit)
            return null;
        return SqlEdit.Apply(context, context.Statements[0], [new(value.Start, value.End, value.Before + bound.Sql + value.After)]) is null ? null : new($"Send {name} as a parameter", bound.Edits.Insert(0, edit));
    }

    private static CodeEdit? Edit(TextRuleContext context, SqlHole hole, Place value, string parameter)
    {
        var written = value.Before + parameter + value.After;
        var cancellation = context.Cancellation;
        if (value.Start == 0 || context.Text.Behind(value.Start) is not { } from || !LiteralEdit.IsOwn(context.Project, context.Call, from.Tree, from.Position, cancellation))
            return null;
        var root = from.Tree.GetRoot(cancellation);
        var left = root.FindToken(from.Position - 1);
        if (context.Text.Behind(value.End) is { } to && ReferenceEquals(to.Tree, from.Tree) && to.Position > from.Position)
        {
            var right = root.FindToken(to.Position - 1);
            var isOneString = InterpolatedAround(left) is { } interpolated && interpolated == InterpolatedAround(right);
            var isSum = SameQuotes(left, right) && Between(root, left.Span.End, right.SpanStart) == "+" + Squeeze(hole.Value!.Syntax.ToString()) + "+";
            return isOneString || isSum ? new(from.Tree, TextSpan.FromBounds(from.Position, to.Position), written) : null;
        }
        // "… = " + value: the literal before it is closed behind the parameter.
        var syntax = hole.Value!.Syntax;
        return value.After.Length == 0 && SameQuotes(left, left) && ReferenceEquals(syntax.SyntaxTree, from.Tree) && from.Position == left.Span.End - 1 && Between(root, left.Span.End, syntax.SpanStart) == "+"
            ? new(from.Tree, TextSpan.FromBounds(from.Position, syntax.Span.End), written + "\"")
            : null;
    }

    private static bool SameQuotes(SyntaxToken left, SyntaxToken right) =>
        left.IsKind(SyntaxKind.StringLiteralToken) && right.IsKind(SyntaxKind.StringLiteralToken) && left.Text[0] == right.Text[0];

    private static InterpolatedStringExpressionSyntax? InterpolatedAround(SyntaxToken token) =>
        token.IsKind(SyntaxKind.StringLiteralToken) ? null : token.Parent?.FirstAncestorOrSelf<InterpolatedStringExpressionSyntax>();

    private static string Between(SyntaxNode root, int start, int end) => start <= end ? Squeeze(root.SyntaxTree.GetText().ToString(TextSpan.FromBounds(start, end))) : "";

    private static string Squeeze(string text) => new([.. text.Where(c => !char.IsWhiteSpace(c))]);

    private static string? NameOf(SyntaxNode value) => value switch
    {
        IdentifierNameSyntax name => UserExpressions.CamelCase(name.Identifier.ValueText.TrimStart('_')),
        MemberAccessExpressionSyntax access => UserExpressions.CamelCase(access.Name.Identifier.ValueText),
        _ => null,
    };

    // A parameter is text, where a quoted literal takes the type of what it is compared with.
    private static bool IsText(TextRuleContext context, string column)
    {
        var tables = new Tables();
        foreach (var statement in context.Statements)
            tables.Visit(statement);
        var types = context.Project.Catalog.Relations.Values.Where(relation => tables.Names.Contains(relation.Id.Name)).SelectMany(relation => relation.Columns).Where(known => known.Name == column).Select(known => known.Type).ToList();
        return types.Count > 0 && types.TrueForAll(type => type == "text" || type == "citext" || type.StartsWith("character varying", StringComparison.Ordinal));
    }

    /// <summary>What the parameter takes the place of, and what stands around it there.</summary>
    private sealed record Place(string Column, int Start, int End, string Before, string After);

    private sealed class Tables : SqlVisitor
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public override void VisitNamedTable(NamedTable node)
        {
            Names.Add(node.Name.Name.Text);
            base.VisitNamedTable(node);
        }
    }

    private sealed class Search(string hole, string text) : SqlVisitor
    {
        public List<Place> Found { get; } = [];

        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node.Operator.Name.Text is "=" or "<>" or "<" or ">" or "<=" or ">=")
            {
                Look(node.Left, node.Right);
                Look(node.Right, node.Left);
            }
            base.VisitOperatorExpression(node);
        }

        public override void VisitPatternMatch(PatternMatch node)
        {
            Look(node.Operand, node.Pattern);
            base.VisitPatternMatch(node);
        }

        public override void VisitInList(InList node)
        {
            foreach (var item in node.Items)
                Look(node.Operand, item);
            base.VisitInList(node);
        }

        private void Look(Expression? column, Expression? value)
        {
            if (column is not ColumnReference { Name.Name.Text: var name } || value is null)
                return;
            if (value is ParameterReference && text.Substring(value.Start, value.End - value.Start) == hole)
                Found.Add(new(name, value.Start, value.End, "", ""));
            else if (value is Literal { Kind: LiteralKind.String } && text[value.Start] == '\'' && text[value.End - 1] == '\'' && text.IndexOf(hole, value.Start, value.End - value.Start, StringComparison.Ordinal) is >= 0 and var at)
            {
                var isFirst = at == value.Start + 1;
                var isLast = at + hole.Length == value.End - 1;
                Found.Add(new(name, isFirst ? value.Start : at, isLast ? value.End : at + hole.Length, isFirst ? "" : "' || ", isLast ? "" : " || '"));
            }
        }
    }
}

using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp;

/// <summary>
/// Where the text of a file may call or construct something. It is found by the characters alone, since a walk over the syntax costs
/// more than all that is asked of it: comments and strings may seem to call, too. What a place is, its node tells.
/// </summary>
/// <param name="Places">The names that may be called, by the hashes of their characters, and where they begin; in order of places.</param>
internal sealed record CallOutline(IReadOnlyList<(int Name, int Start)> Places)
{
    public static CallOutline Read(SyntaxNode root)
    {
        var text = root.SyntaxTree.GetText().ToString();
        var places = new List<(int, int)>();
        // An escape in an identifier makes the name another than what is written.
        if (FileWords.HasEscapes(text))
            ReadNames(root, places);
        else
            ReadText(text, places);
        return new(places);
    }

    /// <summary>The hash of a name.</summary>
    public static int HashOf(string name) => HashOf(name, 0, name.Length);

    /// <summary>The call or construction of a name at a place; null where it is something else.</summary>
    public static SyntaxNode? CallAt(SyntaxNode root, int start, string name)
    {
        if (root.FindToken(start) is not { Parent: SimpleNameSyntax simple } token || token.SpanStart > start || token.Span.End <= start || token.ValueText != name)
            return null;
        var called = simple.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == simple => access,
            MemberBindingExpressionSyntax binding => binding,
            QualifiedNameSyntax qualified when qualified.Right == simple => qualified,
            _ => (ExpressionSyntax)simple,
        };
        return called.Parent switch
        {
            InvocationExpressionSyntax call when call.Expression == called => call,
            ObjectCreationExpressionSyntax creation when creation.Type == called => creation,
            _ => null,
        };
    }

    private static void ReadText(string text, List<(int, int)> places)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsPartOfName(text[i]))
                continue;
            var start = i;
            while (i < text.Length && IsPartOfName(text[i]))
                i++;
            var next = i;
            while (next < text.Length && char.IsWhiteSpace(text[next]))
                next++;
            // Arguments, type arguments, an initializer, or a comment or directive before one of them.
            if (next < text.Length && text[next] is '(' or '<' or '{' or '/' or '#')
                places.Add((HashOf(text, start, i), start));
        }
    }

    private static void ReadNames(SyntaxNode root, List<(int, int)> places)
    {
        foreach (var node in root.DescendantNodes())
        {
            if (node is SimpleNameSyntax { Identifier: var identifier } && CallAt(root, identifier.SpanStart, identifier.ValueText) is not null)
                places.Add((HashOf(identifier.ValueText), identifier.SpanStart));
        }
    }

    // What stands beyond ASCII is taken for a part of a name.
    private static bool IsPartOfName(char c) => (uint)((c | 0x20) - 'a') <= 'z' - 'a' || (uint)(c - '0') <= 9 || c == '_' || c >= 0x80 && !char.IsWhiteSpace(c);

    private static int HashOf(string text, int start, int end)
    {
        var hash = unchecked((int)2166136261);
        for (var i = start; i < end; i++)
        {
            // Formatting characters are no part of an identifier's value (C# specification, 6.4.3).
            if (text[i] < 0x80 || char.GetUnicodeCategory(text[i]) != UnicodeCategory.Format)
                hash = unchecked((hash ^ text[i]) * 16777619);
        }
        return hash;
    }
}

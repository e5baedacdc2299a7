using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PolicyLint.CSharp.Sinks;

/// <summary>The comment that tells editors of SQL in C#: `// language=sql`, `/* lang=postgresql */`.</summary>
internal static class LanguageComment
{
    /// <summary>Whether it stands before a parameter or an argument.</summary>
    public static bool IsBefore(SyntaxNode node)
    {
        var first = node.GetFirstToken();
        return IsAmong(first.LeadingTrivia) || IsAmong(first.GetPreviousToken().TrailingTrivia);
    }

    private static bool IsAmong(SyntaxTriviaList trivia)
    {
        foreach (var item in trivia)
        {
            if (item.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia && IsOfSql(item.ToString()))
                return true;
        }
        return false;
    }

    private static bool IsOfSql(string comment)
    {
        var text = comment.Trim('/', '*', ' ', '\t');
        var equals = text.IndexOf('=');
        if (equals < 0 || text.Substring(0, equals).Trim().ToLowerInvariant() is not ("language" or "lang"))
            return false;
        var end = text.IndexOfAny([' ', ','], equals + 1);
        return text.Substring(equals + 1, (end < 0 ? text.Length : end) - equals - 1).ToLowerInvariant() is "sql" or "postgresql" or "pgsql" or "postgres";
    }
}

/// <summary>The comments of a file.</summary>
/// <param name="MayNameLanguage">One of them may be of the kind.</param>
internal sealed record CommentOutline(bool MayNameLanguage)
{
    public static CommentOutline Read(SyntaxNode root) => new(FileWords.MayHave(root, "lang"));
}

using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp;

/// <summary>
/// What a file may speak of, by its characters alone. Most files have none of the words that an outline looks for, and to see that takes
/// a small part of a walk over their syntax.
/// </summary>
internal static class FileWords
{
    /// <summary>Whether one of the words stands somewhere in the file, in any case, or may: escapes hide words.</summary>
    public static bool MayHave(SyntaxNode root, params string[] words)
    {
        var text = root.SyntaxTree.GetText().ToString();
        foreach (var word in words)
        {
            if (text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
                return true;
        }
        return HasEscapes(text);
    }

    /// <summary>Whether characters are written by their numbers.</summary>
    public static bool HasEscapes(string text) => text.IndexOf("\\u", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("\\x", StringComparison.Ordinal) >= 0;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Text;

/// <summary>Maps the characters of a string literal's value to its source: escapes, doubled quotes and braces, the indentation of raw strings.</summary>
internal static class LiteralMap
{
    /// <summary>The value of a literal token with the place of each character; null where the two cannot be brought together.</summary>
    public static SqlText? Map(SyntaxToken token)
    {
        var text = token.Text;
        var value = token.ValueText;
        int[]? positions = token.Kind() switch
        {
            SyntaxKind.StringLiteralToken when text.StartsWith("@", StringComparison.Ordinal) => Verbatim(text, 2, value.Length),
            SyntaxKind.StringLiteralToken => Escaped(text, 1, value.Length),
            SyntaxKind.SingleLineRawStringLiteralToken => Contiguous(QuoteCount(text), value.Length),
            SyntaxKind.MultiLineRawStringLiteralToken => Raw(text, value),
            SyntaxKind.InterpolatedStringTextToken => InterpolatedText(token, text, value),
            _ => null,
        };
        if (positions is null)
            return null;
        for (var i = 0; i < positions.Length; i++)
            positions[i] += token.SpanStart;
        return SqlText.FromCharacters(value, token.SyntaxTree!, positions);
    }

    private static int QuoteCount(string text)
    {
        var count = 0;
        while (count < text.Length && text[count] == '"')
            count++;
        return count;
    }

    private static int[] Contiguous(int start, int length)
    {
        var positions = new int[length + 1];
        for (var i = 0; i <= length; i++)
            positions[i] = start + i;
        return positions;
    }

    private static int[]? Verbatim(string text, int start, int length)
    {
        var positions = new int[length + 1];
        var at = start;
        for (var i = 0; i < length; i++)
        {
            positions[i] = at;
            at += at + 1 < text.Length && (text[at] == '"' && text[at + 1] == '"') ? 2 : 1;
        }
        positions[length] = at;
        return at <= text.Length ? positions : null;
    }

    private static int[]? Escaped(string text, int start, int length)
    {
        var positions = new int[length + 1];
        var at = start;
        for (var i = 0; i < length; i++)
        {
            if (at >= text.Length)
                return null;
            positions[i] = at;
            if (text[at] != '\\')
            {
                at++;
                continue;
            }
            var kind = at + 1 < text.Length ? text[at + 1] : '\0';
            if (kind == 'U' && i + 1 < length && IsSurrogatePair(text, at))
                positions[++i] = at;
            at += kind switch
            {
                'u' => 6,
                'U' => 10,
                'x' => 2 + HexDigits(text, at + 2),
                _ => 2,
            };
        }
        positions[length] = at;
        return at <= text.Length ? positions : null;
    }

    private static bool IsSurrogatePair(string text, int at) =>
        at + 10 <= text.Length && int.TryParse(text.Substring(at + 2, 8), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var code) && code > 0xFFFF;

    private static int HexDigits(string text, int at)
    {
        var count = 0;
        while (count < 4 && at + count < text.Length && Uri.IsHexDigit(text[at + count]))
            count++;
        return count;
    }

    // """, line break, lines that all begin with the indentation of the closing quotes.
    private static int[]? Raw(string text, string value)
    {
        var lastBreak = text.LastIndexOfAny(['\n', '\r']);
        var indentation = text.Length - lastBreak - 1 - QuoteCount(text);
        var at = text.IndexOf('\n');
        if (at < 0 || indentation < 0)
            return null;
        return Lines(text, at + 1, value, indentation, isLineStart: true);
    }

    private static int[]? Lines(string text, int at, string value, int indentation, bool isLineStart)
    {
        var positions = new int[value.Length + 1];
        for (var i = 0; i < value.Length; i++)
        {
            if (isLineStart)
            {
                // A blank line may be shorter than the indentation.
                for (var skipped = 0; skipped < indentation && at < text.Length && text[at] is ' ' or '\t'; skipped++)
                    at++;
            }
            if (at >= text.Length || text[at] != value[i])
                return null;
            positions[i] = at;
            isLineStart = text[at] == '\n';
            at++;
        }
        positions[value.Length] = at;
        return positions;
    }

    private static int[]? InterpolatedText(SyntaxToken token, string text, string value)
    {
        if (token.Parent?.Parent is InterpolatedStringExpressionSyntax { StringStartToken.RawKind: (int)SyntaxKind.InterpolatedMultiLineRawStringStartToken } raw)
        {
            var end = raw.StringEndToken.Text;
            var indentation = end.IndexOf('"') - end.LastIndexOfAny(['\n', '\r']) - 1;
            // Behind a hole a text goes on in its line.
            return Lines(text, 0, value, indentation, isLineStart: raw.Contents[0] == token.Parent);
        }
        if (text == value)
            return Contiguous(0, value.Length);
        var positions = new int[value.Length + 1];
        var isVerbatim = token.Parent?.Parent is InterpolatedStringExpressionSyntax { StringStartToken.Text: var start } && start.Contains("@");
        var at = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (at >= text.Length)
                return null;
            positions[i] = at;
            if (text[at] is '{' or '}' && at + 1 < text.Length && text[at + 1] == text[at])
                at += 2;
            else if (isVerbatim && text[at] == '"')
                at += 2;
            else if (!isVerbatim && text[at] == '\\' && value[i] != '\\')
                at += at + 1 < text.Length && text[at + 1] == 'u' ? 6 : 2;
            else if (!isVerbatim && text[at] == '\\')
                at += 2;
            else if (text[at] == value[i])
                at++;
            else
                return null;
        }
        positions[value.Length] = at;
        return positions;
    }
}

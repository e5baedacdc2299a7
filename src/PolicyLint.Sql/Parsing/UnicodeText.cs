using System.Text;

namespace PolicyLint.Sql.Parsing;

/// <summary>The characters that a string or quoted name stands for.</summary>
internal static class UnicodeText
{
    /// <summary>Decodes the inside of U&amp;'…' or U&amp;"…"; null where an escape is not valid.</summary>
    public static string? Decode(string text, int start, int end, char quote, char escape)
    {
        var result = new StringBuilder(end - start);
        var position = start;
        while (position < end)
        {
            var c = text[position];
            if (c == quote)
            {
                result.Append(quote);
                position += 2;
                if (position <= end && text[position - 1] == quote)
                    continue;
                // A continuation: the next piece begins behind the blanks.
                var next = Lexer.FindContinuation(text, position - 1, end + 1);
                result.Length--;
                position = next < 0 ? end : next + 1;
                continue;
            }
            if (c != escape)
            {
                result.Append(c);
                position++;
                continue;
            }
            if (position + 1 < end && text[position + 1] == escape)
            {
                result.Append(escape);
                position += 2;
                continue;
            }
            var isLong = position + 1 < end && text[position + 1] == '+';
            var digits = isLong ? 6 : 4;
            var from = position + (isLong ? 2 : 1);
            if (!TryHex(text, from, digits, end, out var code) || code > 0x10FFFF)
                return null;
            position = from + digits;
            if (code is >= 0xD800 and <= 0xDFFF || code < 0x10000)
                result.Append((char)code);
            else
                result.Append(char.ConvertFromUtf32(code));
        }
        return result.ToString();
    }

    public static bool TryHex(string text, int start, int count, int end, out int value)
    {
        value = 0;
        if (start + count > end)
            return false;
        for (var i = start; i < start + count; i++)
        {
            var digit = Lexer.DigitValue(text[i]);
            if (digit > 15)
                return false;
            value = (value * 16) + digit;
        }
        return true;
    }

    /// <summary>The text of a string token in any of its spellings.</summary>
    public static string DecodeString(string text, int start, int end)
    {
        switch (text[start])
        {
            case '$':
                var tag = text.IndexOf('$', start + 1) + 1 - start;
                return text.Substring(start + tag, end - start - (2 * tag));
            case 'u' or 'U':
                return DecodeUnicodeString(text, start, end);
            case 'e' or 'E':
                return DecodeQuoted(text, start + 1, end, hasEscapes: true);
            case 'b' or 'B' or 'x' or 'X':
                return DecodeQuoted(text, start + 1, end, hasEscapes: false);
            default:
                return DecodeQuoted(text, start, end, hasEscapes: false);
        }
    }

    private static string DecodeUnicodeString(string text, int start, int end)
    {
        var escape = '\\';
        var last = end;
        var marker = text.LastIndexOf("uescape", end - 1, end - start, StringComparison.OrdinalIgnoreCase);
        if (marker > start && text[end - 1] == '\'' && text[end - 3] == '\'' && IsBehindBody(text, start + 2, marker))
        {
            escape = text[end - 2];
            last = marker;
            while (Lexer.IsBlank(text[last - 1]))
                last--;
        }
        return Decode(text, start + 3, last - 1, '\'', escape) ?? "";
    }

    // UESCAPE is the clause only when the string before it is closed.
    private static bool IsBehindBody(string text, int quote, int marker)
    {
        var isOpen = false;
        for (var i = quote; i < marker; i++)
        {
            if (text[i] == '\'')
                isOpen = !isOpen;
        }
        return !isOpen;
    }

    private static string DecodeQuoted(string text, int quote, int end, bool hasEscapes)
    {
        var start = quote + 1;
        var isPlain = true;
        for (var i = start; i < end - 1 && isPlain; i++)
            isPlain = text[i] != '\'' && (text[i] != '\\' || !hasEscapes);
        if (isPlain)
            return text.Substring(start, end - 1 - start);
        var result = new StringBuilder(end - start);
        var position = start;
        while (position < end)
        {
            var c = text[position];
            if (c == '\'')
            {
                if (position + 1 < end && text[position + 1] == '\'')
                {
                    result.Append('\'');
                    position += 2;
                    continue;
                }
                var next = Lexer.FindContinuation(text, position + 1, end);
                if (next < 0)
                    break;
                position = next + 1;
            }
            else if (c == '\\' && hasEscapes)
            {
                position = AppendEscape(text, position, end, result);
            }
            else
            {
                result.Append(c);
                position++;
            }
        }
        return result.ToString();
    }

    // E'' escapes (manual 4.1.2.2). Octal and hexadecimal escapes are bytes of UTF-8.
    internal static int AppendEscape(string text, int position, int end, StringBuilder result)
    {
        if (position + 1 >= end)
            return end;
        var c = text[position + 1];
        position += 2;
        switch (c)
        {
            case 'b':
                result.Append('\b');
                return position;
            case 'f':
                result.Append('\f');
                return position;
            case 'n':
                result.Append('\n');
                return position;
            case 'r':
                result.Append('\r');
                return position;
            case 't':
                result.Append('\t');
                return position;
            case 'v':
                result.Append('\v');
                return position;
            case 'u' or 'U':
                var digits = c == 'u' ? 4 : 8;
                if (TryHex(text, position, digits, end, out var code) && code is >= 0 and <= 0x10FFFF)
                {
                    if (code is >= 0xD800 and <= 0xDFFF || code < 0x10000)
                        result.Append((char)code);
                    else
                        result.Append(char.ConvertFromUtf32(code));
                    return position + digits;
                }
                result.Append(c);
                return position;
            case 'x' or (>= '0' and <= '7'):
                return AppendBytes(text, position - 2, end, result);
            default:
                result.Append(c);
                return position;
        }
    }

    // A run of byte escapes, which together may make one character.
    private static int AppendBytes(string text, int position, int end, StringBuilder result)
    {
        var bytes = new List<byte>();
        while (position + 1 < end && text[position] == '\\' && text[position + 1] is 'x' or (>= '0' and <= '7'))
        {
            var isHex = text[position + 1] == 'x';
            var next = position + (isHex ? 2 : 1);
            var limit = Math.Min(end, next + (isHex ? 2 : 3));
            var radix = isHex ? 16 : 8;
            var value = 0;
            var first = next;
            while (next < limit && Lexer.DigitValue(text[next]) < radix)
                value = (value * radix) + Lexer.DigitValue(text[next++]);
            if (next == first)
            {
                bytes.Add((byte)'x');
                position = next;
                continue;
            }
            bytes.Add((byte)value);
            position = next;
        }
        result.Append(Encoding.UTF8.GetString(bytes.ToArray()));
        return position;
    }
}

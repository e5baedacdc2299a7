namespace PolicyLint.Sql.Parsing;

/// <content>Strings, quoted names and numbers.</content>
internal sealed partial class Lexer
{
    // The cursor stands at the opening quote. A string goes on behind blanks that contain a line break.
    private TokenKind QuotedString(int start, bool hasEscapes)
    {
        while (true)
        {
            if (!SkipQuoted('\'', hasEscapes))
            {
                _position = _end;
                return Fail("unterminated quoted string");
            }
            var next = FindContinuation(_position);
            if (next >= 0)
            {
                _position = next;
                continue;
            }
            if (hasEscapes && FindBadEscape(start + 2) is { } kind)
                return kind;
            return TokenKind.String;
        }
    }

    // scan.l xeunicode: \u and \U need their digits, and a high surrogate a low one right behind it.
    private TokenKind? FindBadEscape(int start)
    {
        var isHighBefore = false;
        for (var i = _text.IndexOf('\\', start, _position - start); i >= 0 && i < _position; i++)
        {
            var isEscape = _text[i] == '\\' && _text[i + 1] is 'u' or 'U';
            var digits = isEscape ? (_text[i + 1] == 'u' ? 4 : 8) : 0;
            if (isEscape && !UnicodeText.TryHex(_text, i + 2, digits, _position, out var code))
                return FailAt(i, i, "invalid Unicode escape");
            else if (isEscape)
            {
                UnicodeText.TryHex(_text, i + 2, digits, _position, out code);
                var end = i + 2 + digits;
                var isLow = code is >= 0xDC00 and <= 0xDFFF;
                if (isLow != isHighBefore)
                    return FailAt(i, end, "invalid Unicode surrogate pair");
                if (code is < 0 or > 0x10FFFF or 0)
                    return FailAt(i, end, "invalid Unicode escape value");
                isHighBefore = code is >= 0xD800 and <= 0xDBFF;
                i = end - 1;
            }
            else if (isHighBefore)
            {
                return FailAt(i, i + 1, "invalid Unicode surrogate pair");
            }
            else if (_text[i] == '\\')
            {
                i++;
            }
        }
        return null;
    }

    // From the opening quote to behind the closing one; false at the end of the text.
    private bool SkipQuoted(char quote, bool hasEscapes)
    {
        _position++;
        while (_position < _end)
        {
            var c = _text[_position];
            if (c == quote)
            {
                if (Peek(1) != quote)
                {
                    _position++;
                    return true;
                }
                _position += 2;
            }
            else if (c == '\\' && hasEscapes)
            {
                _position = Math.Min(_position + 2, _end);
            }
            else
            {
                _position++;
            }
        }
        return false;
    }

    // scan.l quotecontinue: blanks with at least one line break (comments to the end of a line among them), then a quote.
    private int FindContinuation(int position) => FindContinuation(_text, position, _end);

    internal static int FindContinuation(string text, int position, int end)
    {
        var hasLineBreak = false;
        while (position < end)
        {
            var c = text[position];
            if (c is '\n' or '\r')
            {
                hasLineBreak = true;
                position++;
            }
            else if (IsBlank(c))
            {
                position++;
            }
            else if (c == '-' && position + 1 < end && text[position + 1] == '-')
            {
                while (position < end && text[position] is not ('\n' or '\r'))
                    position++;
            }
            else
            {
                return c == '\'' && hasLineBreak ? position : -1;
            }
        }
        return -1;
    }

    private TokenKind QuotedIdentifier()
    {
        var start = _position;
        if (!SkipQuoted('"', hasEscapes: false))
        {
            _position = _end;
            return Fail("unterminated quoted identifier");
        }
        return _position - start == 2 ? Fail("zero-length delimited identifier") : TokenKind.Identifier;
    }

    private TokenKind BitString(TokenKind kind)
    {
        _position++;
        while (true)
        {
            // scan.l knows no doubled quotes here.
            var close = _position + 1 < _end ? _text.IndexOf('\'', _position + 1, _end - _position - 1) : -1;
            if (close < 0)
            {
                _position = _end;
                return Fail(kind == TokenKind.BitString ? "unterminated bit string literal" : "unterminated hexadecimal string literal");
            }
            _position = close + 1;
            var next = FindContinuation(_position);
            if (next < 0)
                return kind;
            _position = next;
        }
    }

    // U&'…' and U&"…", with UESCAPE 'c' behind where it stands: one token, as base_yylex of parser.c makes it.
    private TokenKind UnicodeEscaped()
    {
        var start = _position;
        var isString = Peek(2) == '\'';
        _position += 2;
        if (isString)
        {
            if (QuotedString(start, hasEscapes: false) == TokenKind.Error)
                return TokenKind.Error;
        }
        else if (!SkipQuoted('"', hasEscapes: false))
        {
            _position = _end;
            return Fail("unterminated quoted identifier");
        }
        var escape = '\\';
        var bodyEnd = _position;
        var afterBody = _position;
        if (SkipBlanks(out _) && KeywordFacts.Find(_text, _position, Math.Min(7, _end - _position)) == Keyword.Uescape
            && !(_position + 7 < _end && IsIdentifierPart(_text[_position + 7])))
        {
            _position += 7;
            if (!SkipBlanks(out _) || _position + 3 > _end || _text[_position] != '\'' || _text[_position + 2] != '\'')
                return Fail("UESCAPE must be followed by a simple string literal");
            escape = _text[_position + 1];
            if (escape is '+' or '\'' or '"' || IsBlank(escape) || Uri.IsHexDigit(escape))
                return Fail("invalid Unicode escape character");
            _position += 3;
        }
        else
        {
            _position = afterBody;
        }
        if (UnicodeText.Decode(_text, start + 3, bodyEnd - 1, isString ? '\'' : '"', escape) is null)
            return FailAt(start, start, "invalid Unicode escape");
        return isString ? TokenKind.String : TokenKind.Identifier;
    }

    // scan.l's numbers: 12, 1_000, 0x1F, 0o17, 0b1, 1.5, 1., .5, 1e10.
    private TokenKind Number()
    {
        var start = _position;
        if (_text[start] == '0' && Peek(1) is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
            return PrefixedNumber(start);
        SkipDigits();
        var kind = TokenKind.Integer;
        if (_position < _end && _text[_position] == '.' && Peek(1) != '.')
        {
            kind = TokenKind.Float;
            _position++;
            SkipDigits();
        }
        if (_position < _end && _text[_position] is 'e' or 'E')
        {
            var digits = Peek(1) is '+' or '-' ? 2 : 1;
            if (IsDigit(Peek(digits)))
            {
                kind = TokenKind.Float;
                _position += digits;
                SkipDigits();
            }
            else
            {
                // `1e-` is junk by itself, `1ex` a number that runs into a word.
                _position += digits;
                if (digits == 1)
                    SkipWord();
                return Fail("trailing junk after numeric literal");
            }
        }
        if (_position < _end && IsIdentifierStart(_text[_position]))
        {
            SkipWord();
            return Fail("trailing junk after numeric literal");
        }
        return kind == TokenKind.Integer && !FitsInt32(start, _position, 10) ? TokenKind.Float : kind;
    }

    private TokenKind PrefixedNumber(int start)
    {
        var radix = Peek(1) switch { 'x' or 'X' => 16, 'o' or 'O' => 8, _ => 2 };
        _position += 2;
        var digits = _position;
        while (_position < _end && (DigitValue(_text[_position]) < radix || (_text[_position] == '_' && DigitValue(Peek(1)) < radix)))
            _position++;
        if (_position == digits)
        {
            SkipWord();
            return Fail(radix switch { 16 => "invalid hexadecimal integer", 8 => "invalid octal integer", _ => "invalid binary integer" });
        }
        if (_position < _end && IsIdentifierPart(_text[_position]))
        {
            SkipWord();
            return Fail("trailing junk after numeric literal");
        }
        return FitsInt32(digits, _position, radix) ? TokenKind.Integer : TokenKind.Float;
    }

    private void SkipDigits()
    {
        while (_position < _end && (IsDigit(_text[_position]) || (_text[_position] == '_' && IsDigit(Peek(1)) && _position > 0 && IsDigit(_text[_position - 1]))))
            _position++;
    }

    internal static int DigitValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => 99,
    };

    private bool FitsInt32(int start, int end, int radix)
    {
        long value = 0;
        for (var i = start; i < end; i++)
        {
            if (_text[i] == '_')
                continue;
            value = (value * radix) + DigitValue(_text[i]);
            if (value > int.MaxValue)
                return false;
        }
        return true;
    }
}

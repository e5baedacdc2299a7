namespace PolicyLint.Sql.Parsing;

/// <summary>
/// PostgreSQL's scanner (scan.l) over a part of a text. Positions are UTF-16 offsets. It never throws:
/// what it can't read is a token of kind Error.
/// </summary>
internal sealed partial class Lexer
{
    private readonly string _text;
    private readonly int _end;
    private readonly bool _namedParameters;
    private readonly bool _psqlSyntax;
    private readonly List<Text.TextSpan>? _comments;
    private int _position;

    // Of an error inside a token; without an end where PostgreSQL's message names no text.
    private int _errorStart;
    private int _errorEnd;

    public Lexer(string text, int start, int end, bool namedParameters, bool psqlSyntax, List<Text.TextSpan>? comments)
    {
        _text = text;
        _position = start;
        _end = end;
        _namedParameters = namedParameters;
        _psqlSyntax = psqlSyntax;
        _comments = comments;
    }

    /// <summary>Why the first token that is an error is one: `unterminated quoted string` and the like, without its place.</summary>
    public string ErrorMessage { get; set; } = "";

    /// <summary>Where the next token is looked for.</summary>
    public int Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>Where the part of the text ends.</summary>
    public int End => _end;

    /// <summary>Forgets comments that will be read again.</summary>
    public void ForgetCommentsFrom(int position)
    {
        if (_comments is null)
            return;
        while (_comments.Count > 0 && _comments[_comments.Count - 1].Start >= position)
            _comments.RemoveAt(_comments.Count - 1);
    }

    public void Next(ref Token token)
    {
        token.Keyword = Keyword.None;
        if (!SkipBlanks(out var errorStart))
        {
            token.Start = errorStart;
            token.End = _end;
            token.Kind = Fail("unterminated /* comment");
            return;
        }
        token.Start = _position;
        if (_position >= _end)
        {
            token.End = _end;
            token.Kind = TokenKind.End;
            return;
        }
        _errorStart = -1;
        token.Kind = Scan(_text[_position], ref token.Keyword);
        token.End = _position;
        if (_errorStart < 0)
            return;
        token.Start = _errorStart;
        token.End = _errorEnd;
    }

    private char Peek(int ahead) => _position + ahead < _end ? _text[_position + ahead] : '\0';

    private TokenKind Fail(string message)
    {
        if (ErrorMessage.Length == 0)
            ErrorMessage = message;
        return TokenKind.Error;
    }

    private TokenKind FailAt(int start, int end, string message)
    {
        _errorStart = start;
        _errorEnd = end;
        return Fail(message);
    }

    private TokenKind Single(TokenKind kind)
    {
        _position++;
        return kind;
    }

    private TokenKind Double(TokenKind kind)
    {
        _position += 2;
        return kind;
    }

    private TokenKind Scan(char c, ref Keyword keyword)
    {
        // Most tokens are words, and no letter but these begins anything else.
        if (IsLetter(c) && c is not ('e' or 'E' or 'b' or 'B' or 'x' or 'X' or 'n' or 'N' or 'u' or 'U'))
            return Word(ref keyword);
        switch (c)
        {
            case '(':
                return Single(TokenKind.OpenParen);
            case ')':
                return Single(TokenKind.CloseParen);
            case '[':
                return Single(TokenKind.OpenBracket);
            case ']':
                return Single(TokenKind.CloseBracket);
            case ',':
                return Single(TokenKind.Comma);
            case ';':
                return Single(TokenKind.Semicolon);
            case ':':
                return Colon();
            case '.':
                if (Peek(1) == '.')
                    return Double(TokenKind.DotDot);
                return IsDigit(Peek(1)) ? Number() : Single(TokenKind.Dot);
            case '\'':
                return QuotedString(_position, hasEscapes: false);
            case '"':
                return QuotedIdentifier();
            case '$':
                return Dollar();
            case 'e' or 'E' when Peek(1) == '\'':
                _position++;
                return QuotedString(_position - 1, hasEscapes: true);
            case 'b' or 'B' when Peek(1) == '\'':
                return BitString(TokenKind.BitString);
            case 'x' or 'X' when Peek(1) == '\'':
                return BitString(TokenKind.HexString);
            case 'n' or 'N' when Peek(1) == '\'':
                // A national string is the type NCHAR before a string.
                _position++;
                keyword = Keyword.Nchar;
                return TokenKind.Keyword;
            case 'u' or 'U' when Peek(1) == '&' && Peek(2) is '\'' or '"':
                return UnicodeEscaped();
            case '\\' when _psqlSyntax:
                return PsqlCommand();
        }
        if (IsIdentifierStart(c))
            return Word(ref keyword);
        if (IsDigit(c))
            return Number();
        if (IsOperatorCharacter(c))
            return Operator();
        // scan.l's `other`: the parser refuses it as a token of its own.
        _position++;
        return Fail("syntax error");
    }

    private TokenKind Colon()
    {
        var next = Peek(1);
        if (next == ':')
            return Double(TokenKind.TypeCast);
        if (next == '=')
            return Double(TokenKind.ColonEquals);
        if (!_namedParameters || !IsIdentifierStart(next))
            return Single(TokenKind.Colon);
        _position++;
        SkipWord();
        return TokenKind.NamedParameter;
    }

    private TokenKind Word(ref Keyword keyword)
    {
        var start = _position;
        SkipWord();
        keyword = KeywordFacts.Find(_text, start, _position - start);
        return keyword == Keyword.None ? TokenKind.Identifier : TokenKind.Keyword;
    }

    private void SkipWord()
    {
        var text = _text;
        var end = _end;
        var position = _position;
        while (position < end && IsIdentifierPart(text[position]))
            position++;
        _position = position;
    }

    private static bool IsLetter(char c) => (uint)((c | 0x20) - 'a') <= 'z' - 'a';

    internal static bool IsIdentifierStart(char c) => IsLetter(c) || c is '_' or >= '\u0080';

    internal static bool IsIdentifierPart(char c) => IsLetter(c) || c is '_' or '$' or (>= '0' and <= '9') or >= '\u0080';

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    internal static bool IsBlank(char c) => c == ' ' || (uint)(c - '\t') <= '\r' - '\t';

    internal static bool IsOperatorCharacter(char c) =>
        c is '~' or '!' or '@' or '#' or '^' or '&' or '|' or '`' or '?' or '+' or '-' or '*' or '/' or '%' or '<' or '>' or '=';

    // The longest run of operator characters up to a comment; scan.l's rule for a trailing + or -.
    private TokenKind Operator()
    {
        var start = _position;
        var end = start;
        while (end < _end && IsOperatorCharacter(_text[end]))
        {
            var c = _text[end];
            var next = end + 1 < _end ? _text[end + 1] : '\0';
            if ((c == '/' && next == '*') || (c == '-' && next == '-'))
                break;
            if (_namedParameters && c == '@' && IsIdentifierStart(next) && (end == start || _text[end - 1] != '@'))
            {
                if (end > start)
                    break;
                _position++;
                SkipWord();
                return TokenKind.NamedParameter;
            }
            end++;
        }
        if (end - start > 1 && _text[end - 1] is '+' or '-')
        {
            var mayEndWithSign = false;
            for (var i = end - 2; i >= start && !mayEndWithSign; i--)
                mayEndWithSign = _text[i] is '~' or '!' or '@' or '#' or '^' or '&' or '|' or '`' or '?' or '%';
            if (!mayEndWithSign)
            {
                while (end - start > 1 && _text[end - 1] is '+' or '-')
                    end--;
            }
        }
        _position = end;
        if (end - start == 1)
        {
            return _text[start] switch
            {
                '<' => TokenKind.Less,
                '>' => TokenKind.Greater,
                '=' => TokenKind.Equals,
                '+' => TokenKind.Plus,
                '-' => TokenKind.Minus,
                '*' => TokenKind.Star,
                '/' => TokenKind.Slash,
                '%' => TokenKind.Percent,
                '^' => TokenKind.Caret,
                _ => TokenKind.Operator,
            };
        }
        if (end - start > 2)
            return end - start >= 64 ? Fail("operator too long") : TokenKind.Operator;
        return (_text[start], _text[start + 1]) switch
        {
            ('=', '>') => TokenKind.EqualsGreater,
            ('>', '=') => TokenKind.GreaterEquals,
            ('<', '=') => TokenKind.LessEquals,
            ('<', '>') or ('!', '=') => TokenKind.NotEquals,
            _ => TokenKind.Operator,
        };
    }

    // $1, $tag$…$tag$
    private TokenKind Dollar()
    {
        if (IsDigit(Peek(1)))
        {
            _position++;
            while (_position < _end && IsDigit(_text[_position]))
                _position++;
            if (_position < _end && IsIdentifierStart(_text[_position]))
            {
                SkipWord();
                return Fail("trailing junk after parameter");
            }
            return TokenKind.Parameter;
        }
        var tagEnd = _position + 1;
        if (tagEnd < _end && IsIdentifierStart(_text[tagEnd]))
        {
            while (tagEnd < _end && _text[tagEnd] != '$' && IsIdentifierPart(_text[tagEnd]))
                tagEnd++;
        }
        if (tagEnd >= _end || _text[tagEnd] != '$')
        {
            _position++;
            return Fail("syntax error");
        }
        var tagLength = tagEnd + 1 - _position;
        var close = FindDollarTag(_position, tagLength);
        if (close < 0)
        {
            _position = _end;
            return Fail("unterminated dollar-quoted string");
        }
        _position = close + tagLength;
        return TokenKind.String;
    }

    private int FindDollarTag(int tag, int length)
    {
        var from = tag + length;
        while (from <= _end - length)
        {
            from = _text.IndexOf('$', from, _end - from);
            if (from < 0 || from > _end - length)
                return -1;
            if (string.CompareOrdinal(_text, from, _text, tag, length) == 0)
                return from;
            from++;
        }
        return -1;
    }

    // A psql command runs to the end of its line; `\;` is a semicolon that psql does not act on.
    private TokenKind PsqlCommand()
    {
        if (Peek(1) == ';')
            return Double(TokenKind.Semicolon);
        while (_position < _end && _text[_position] is not ('\n' or '\r'))
            _position++;
        return TokenKind.Backslash;
    }

    private bool SkipBlanks(out int errorStart)
    {
        errorStart = 0;
        var text = _text;
        var end = _end;
        var position = _position;
        while (position < end)
        {
            var c = text[position];
            if (IsBlank(c))
            {
                position++;
                continue;
            }
            if (c is not ('-' or '/') || position + 1 >= end)
                break;
            var start = position;
            if (c == '-' && text[position + 1] == '-')
            {
                position = text.IndexOfAny(LineBreaks, position, end - position);
                if (position < 0)
                    position = end;
            }
            else if (c == '/' && text[position + 1] == '*')
            {
                _position = position;
                errorStart = position;
                if (!SkipBlockComment())
                    return false;
                position = _position;
            }
            else
            {
                break;
            }
            _comments?.Add(Text.TextSpan.FromBounds(start, position));
        }
        _position = position;
        return true;
    }

    private static readonly char[] LineBreaks = ['\n', '\r'];

    private bool SkipBlockComment()
    {
        var depth = 0;
        while (_position < _end)
        {
            var c = _text[_position];
            if (c == '/' && Peek(1) == '*')
            {
                depth++;
                _position += 2;
            }
            else if (c == '*' && Peek(1) == '/')
            {
                _position += 2;
                if (--depth == 0)
                    return true;
            }
            else
            {
                _position++;
            }
        }
        return false;
    }
}

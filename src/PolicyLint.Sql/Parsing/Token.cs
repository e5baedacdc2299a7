namespace PolicyLint.Sql.Parsing;

/// <summary>What a token is. Words carry their keyword besides.</summary>
internal enum TokenKind : byte
{
    /// <summary>End of the text, of the range, or of the part that is being parsed.</summary>
    End,

    /// <summary>A word that is no keyword, or a quoted name.</summary>
    Identifier,
    Keyword,
    Integer,
    Float,

    /// <summary>A string of any spelling, its continuations included.</summary>
    String,
    BitString,
    HexString,

    /// <summary>`$1`.</summary>
    Parameter,

    /// <summary>`@name`, `:name` where the options ask for them.</summary>
    NamedParameter,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    Comma,
    Semicolon,
    Dot,
    DotDot,
    Colon,
    ColonEquals,
    EqualsGreater,
    TypeCast,
    Less,
    Greater,
    Equals,
    LessEquals,
    GreaterEquals,
    NotEquals,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Caret,

    /// <summary>Any other operator.</summary>
    Operator,

    /// <summary>A psql command up to the end of its line.</summary>
    Backslash,

    /// <summary>Text that the scanner refuses; Lexer.ErrorMessage says why.</summary>
    Error,
}

/// <summary>A token: a kind and where it stands. Its text is cut out only when someone asks for it.</summary>
internal struct Token
{
    public int Start;
    public int End;
    public TokenKind Kind;
    public Keyword Keyword;
}

using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>Names, words, operators and constants.</content>
internal sealed partial class SqlStatementParser
{
    private bool IsColumnId(int index)
    {
        if (index >= _count)
            return false;
        ref var token = ref _tokens[index];
        return token.Kind == TokenKind.Identifier
            || (token.Kind == TokenKind.Keyword && KeywordFacts.CategoryOf(token.Keyword) is KeywordCategory.Unreserved or KeywordCategory.ColumnName && !IsLookaheadKeyword(index))
            || (token.Kind == TokenKind.Colon && IsPsqlVariable(index));
    }

    // parser.c base_yylex: NULLS before FIRST or LAST and FORMAT before JSON are tokens of their own, and no names.
    private bool IsLookaheadKeyword(int index)
    {
        var keyword = _tokens[index].Keyword;
        if (keyword is not (Keyword.Nulls or Keyword.Format) || index + 1 >= _count)
            return false;
        var next = _tokens[index + 1].Keyword;
        return keyword == Keyword.Nulls ? next is Keyword.First or Keyword.Last : next == Keyword.Json;
    }

    // psql's :name and :"name" where a name is wanted; nothing stands between the colon and the name.
    private bool IsPsqlVariable(int index) =>
        _options.PsqlSyntax && KindAt(index + 1) is TokenKind.Identifier or TokenKind.Keyword && _tokens[index + 1].Start == _tokens[index].End;

    private bool AtColumnId() => IsColumnId(Position);

    private bool AtTypeFunctionName()
    {
        ref var token = ref _tokens[Position];
        return token.Kind == TokenKind.Identifier
            || (token.Kind == TokenKind.Keyword && KeywordFacts.CategoryOf(token.Keyword) is KeywordCategory.Unreserved or KeywordCategory.TypeOrFunction);
    }

    private bool AtReservedKeyword() => At(TokenKind.Keyword) && KeywordFacts.CategoryOf(_tokens[Position].Keyword) == KeywordCategory.Reserved;

    /// <summary>gram.y ColId.</summary>
    private Name ColumnId()
    {
        if (!AtColumnId())
            throw Unexpected();
        return At(TokenKind.Colon) ? PsqlVariable() : TakeName();
    }

    private Name PsqlVariable()
    {
        var start = Start;
        Advance();
        var name = TakeName();
        return new Name(":" + name.Text, start, name.End - start);
    }

    /// <summary>gram.y ColLabel.</summary>
    private Name Label()
    {
        if (!At(TokenKind.Identifier) && (!At(TokenKind.Keyword) || IsLookaheadKeyword(Position)))
            throw Unexpected();
        return TakeName();
    }

    /// <summary>gram.y NonReservedWord.</summary>
    private Name NonReservedWord()
    {
        if (At(TokenKind.Colon) && IsPsqlVariable(Position))
            return PsqlVariable();
        if (AtReservedKeyword())
            throw Unexpected();
        return Label();
    }

    /// <summary>gram.y NonReservedWord_or_Sconst, as a name.</summary>
    private Name NonReservedWordOrString()
    {
        if (!At(TokenKind.String))
            return NonReservedWord();
        var start = Start;
        var text = StringLiteral().GetText();
        return new Name(text, start, LastEnd - start, isQuoted: true);
    }

    private Name TakeName()
    {
        ref var token = ref _tokens[Position];
        var first = _text[token.Start];
        string text;
        var isQuoted = false;
        if (token.Kind == TokenKind.Keyword)
        {
            text = KeywordFacts.TextOf(token.Keyword);
        }
        else if (first == '"')
        {
            isQuoted = true;
            text = QuotedName(token.Start + 1, token.End - 1);
        }
        else if (first is 'u' or 'U' && token.End - token.Start > 2 && _text[token.Start + 1] == '&')
        {
            isQuoted = true;
            text = UnicodeName(token.Start, token.End);
        }
        else
        {
            text = _names.Get(_text, token.Start, token.End - token.Start, fold: true);
        }
        var start = StartAt(Position);
        var length = EndOf(token.End) - start;
        Position++;
        return new Name(text, start, length, isQuoted);
    }

    private string QuotedName(int start, int end)
    {
        if (_text.IndexOf('"', start, end - start) >= 0)
            return NameTable.Truncate(_text.Substring(start, end - start).Replace("\"\"", "\""));
        return _names.Get(_text, start, end - start, fold: false);
    }

    private string UnicodeName(int start, int end)
    {
        var escape = '\\';
        var close = _text.LastIndexOf('"', end - 1, end - start);
        if (close < end - 1)
            escape = _text[end - 2];
        return NameTable.Truncate(UnicodeText.Decode(_text, start + 3, close, '"', escape) ?? "");
    }

    /// <summary>gram.y any_name, qualified_name: a name with at most two qualifiers.</summary>
    private ObjectName AnyName()
    {
        var first = ColumnId();
        return Accept(TokenKind.Dot) ? Qualified(first) : new ObjectName(first);
    }

    private ObjectName Qualified(Name first)
    {
        var second = Label();
        if (!Accept(TokenKind.Dot))
            return new ObjectName(second, first);
        var parts = new List<Name> { first, second };
        do
            parts.Add(Label());
        while (Accept(TokenKind.Dot));
        return FromParts(parts);
    }

    private static ObjectName FromParts(List<Name> parts)
    {
        var count = parts.Count;
        return count switch
        {
            1 => new ObjectName(parts[0]),
            2 => new ObjectName(parts[1], parts[0]),
            _ => new ObjectName(parts[count - 1], parts[count - 2], parts.GetRange(0, count - 2).ToArray()),
        };
    }

    private ObjectName QualifiedName()
    {
        var start = Position;
        var name = IndirectName();
        if (name.PartCount > 3)
            throw new SqlSyntaxException(new SyntaxError(SpanOf(_tokens[start]), $"improper qualified name (too many dotted names): {name}"));
        return name;
    }

    // gram.y qualified_name and func_name are ColId indirection: a star or subscript is read with it and then refused.
    private ObjectName IndirectName()
    {
        var first = ColumnId();
        if (!At(TokenKind.Dot) && !At(TokenKind.OpenBracket))
            return new ObjectName(first);
        var ahead = 0;
        while (PeekIs(ahead, TokenKind.Dot) && PeekIsWord(ahead + 1))
            ahead += 2;
        if (PeekIs(ahead, TokenKind.OpenBracket) || (PeekIs(ahead, TokenKind.Dot) && PeekIs(ahead + 1, TokenKind.Star)))
        {
            SkipIndirection();
            throw Unexpected();
        }
        Advance();
        return Qualified(first);
    }

    // Dots between any words, as PL/pgSQL names variables and their fields.
    private ObjectName DottedName()
    {
        var first = Label();
        return Accept(TokenKind.Dot) ? Qualified(first) : new ObjectName(first);
    }

    // relation_expr: name [*] | ONLY name | ONLY (name)
    private ObjectName RelationExpression(out bool isOnly)
    {
        isOnly = Accept(Keyword.Only);
        if (isOnly && Accept(TokenKind.OpenParen))
        {
            var inner = QualifiedName();
            Expect(TokenKind.CloseParen);
            return inner;
        }
        var name = QualifiedName();
        if (!isOnly)
            Accept(TokenKind.Star);
        return name;
    }

    /// <summary>gram.y func_name: type_function_name, or a qualified name.</summary>
    private ObjectName FunctionName()
    {
        if (PeekIs(1, TokenKind.Dot))
            return IndirectName();
        if (!AtTypeFunctionName())
        {
            // An unqualified column-name word can't be a function; the error stands at what follows it.
            if (AtColumnId())
                Advance();
            throw Unexpected();
        }
        return new ObjectName(TakeName());
    }

    private bool AtOperator() => At(Keyword.Operator) ? PeekIs(1, TokenKind.OpenParen) : IsOperatorKind(_tokens[Position].Kind);

    private static bool IsOperatorKind(TokenKind kind) => kind is >= TokenKind.Less and <= TokenKind.Operator;

    private bool AtOperator(string text) => PeekIsOperator(0, text);

    private bool PeekIsOperator(int ahead, string text)
    {
        var index = Position + ahead;
        if (index >= _count || !IsOperatorKind(_tokens[index].Kind))
            return false;
        ref var token = ref _tokens[index];
        return token.End - token.Start == text.Length && string.CompareOrdinal(_text, token.Start, text, 0, text.Length) == 0;
    }

    private bool AcceptOperator(string text)
    {
        if (!AtOperator(text))
            return false;
        Position++;
        return true;
    }

    private Name TakeOperator()
    {
        ref var token = ref _tokens[Position];
        if (!IsOperatorKind(token.Kind))
            throw Unexpected();
        var text = token.Kind switch
        {
            TokenKind.Less => "<",
            TokenKind.Greater => ">",
            TokenKind.Equals => "=",
            TokenKind.LessEquals => "<=",
            TokenKind.GreaterEquals => ">=",
            TokenKind.NotEquals => "<>",
            TokenKind.Plus => "+",
            TokenKind.Minus => "-",
            TokenKind.Star => "*",
            TokenKind.Slash => "/",
            TokenKind.Percent => "%",
            TokenKind.Caret => "^",
            _ => _names.Get(_text, token.Start, token.End - token.Start, fold: false),
        };
        var start = StartAt(Position);
        var length = EndOf(token.End) - start;
        Position++;
        return new Name(text, start, length);
    }

    /// <summary>gram.y any_operator: [schema.]… operator.</summary>
    private ObjectName AnyOperator()
    {
        if (!AtColumnId())
            return new ObjectName(TakeOperator());
        var parts = new List<Name>();
        while (AtColumnId())
        {
            parts.Add(ColumnId());
            Expect(TokenKind.Dot);
        }
        parts.Add(TakeOperator());
        return FromParts(parts);
    }

    /// <summary>An operator, or OPERATOR(any_operator).</summary>
    private ObjectName QualifiedOperator()
    {
        if (!Accept(Keyword.Operator))
            return new ObjectName(TakeOperator());
        Expect(TokenKind.OpenParen);
        var name = AnyOperator();
        Expect(TokenKind.CloseParen);
        return name;
    }

    private bool IsWord(int index, string word)
    {
        if (index < 0 || index >= _count || _tokens[index].Kind is not (TokenKind.Identifier or TokenKind.Keyword))
            return false;
        ref var token = ref _tokens[index];
        return token.End - token.Start == word.Length && string.Compare(_text, token.Start, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;
    }

    private bool AtWord(string word) => IsWord(Position, word);

    private bool AtAnyWord() => At(TokenKind.Identifier) || At(TokenKind.Keyword);

    private bool PeekIsWord(int ahead, string word) => IsWord(Position + ahead, word);

    private bool AcceptWord(string word)
    {
        if (!AtWord(word))
            return false;
        Position++;
        return true;
    }

    private void ExpectWord(string word)
    {
        if (!AcceptWord(word))
            throw Unexpected();
    }

    private Literal TakeLiteral(LiteralKind kind)
    {
        ref var token = ref _tokens[Position];
        var decoded = _map is null ? null : kind is LiteralKind.String or LiteralKind.Bit or LiteralKind.Hex ? UnicodeText.DecodeString(_text, token.Start, token.End) : _text.Substring(token.Start, token.End - token.Start);
        var literal = new Literal { Start = StartAt(Position), End = EndOf(token.End), Kind = kind, Source = Source, DecodedText = decoded };
        Position++;
        return literal;
    }

    private Literal StringLiteral()
    {
        if (!At(TokenKind.String))
            throw Unexpected();
        return TakeLiteral(LiteralKind.String);
    }

    private Literal IntegerLiteral()
    {
        if (!At(TokenKind.Integer))
            throw Unexpected();
        return TakeLiteral(LiteralKind.Integer);
    }

    private Literal NullLiteral()
    {
        if (!At(Keyword.Null))
            throw Unexpected();
        return TakeLiteral(LiteralKind.Null);
    }

    private int IntegerValue()
    {
        var text = IntegerLiteral().GetText();
        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : 0;
    }

    private bool AtNumber() => At(TokenKind.Integer) || At(TokenKind.Float) || ((At(TokenKind.Plus) || At(TokenKind.Minus)) && KindAt(Position + 1) is TokenKind.Integer or TokenKind.Float);

    private Expression UnsignedNumber()
    {
        if (At(TokenKind.Integer))
            return TakeLiteral(LiteralKind.Integer);
        if (!At(TokenKind.Float))
            throw Unexpected();
        return TakeLiteral(LiteralKind.Float);
    }

    /// <summary>gram.y NumericOnly.</summary>
    private Expression SignedNumber()
    {
        if (!At(TokenKind.Plus) && !At(TokenKind.Minus))
            return UnsignedNumber();
        var start = Start;
        var sign = TakeOperator();
        return new OperatorExpression { Start = start, Operator = new ObjectName(sign), Right = UnsignedNumber(), End = LastEnd };
    }

    /// <summary>gram.y SignedIconst.</summary>
    private Expression SignedInteger()
    {
        if (!At(TokenKind.Plus) && !At(TokenKind.Minus))
            return IntegerLiteral();
        var start = Start;
        var sign = TakeOperator();
        return new OperatorExpression { Start = start, Operator = new ObjectName(sign), Right = IntegerLiteral(), End = LastEnd };
    }

    private Name ParameterAsName()
    {
        ref var token = ref _tokens[Position];
        var name = new Name(_text.Substring(token.Start, token.End - token.Start), StartAt(Position), token.End - token.Start);
        Position++;
        return name;
    }
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>gram.y c_expr: constants, references, parentheses, rows, arrays, CASE.</content>
internal sealed partial class SqlStatementParser
{
    private Expression Primary()
    {
        var start = Start;
        switch (_tokens[Position].Kind)
        {
            case TokenKind.Identifier:
                return NameOrCall();
            case TokenKind.Integer:
                return TakeLiteral(LiteralKind.Integer);
            case TokenKind.Float:
                return TakeLiteral(LiteralKind.Float);
            case TokenKind.String:
                return TakeLiteral(LiteralKind.String);
            case TokenKind.BitString:
                return TakeLiteral(LiteralKind.Bit);
            case TokenKind.HexString:
                return TakeLiteral(LiteralKind.Hex);
            case TokenKind.Parameter or TokenKind.NamedParameter:
                return Indirection(start, ParameterReference());
            case TokenKind.Colon when _options.PsqlSyntax && AtPsqlValue():
                return Indirection(start, PsqlValue());
            case TokenKind.OpenParen:
                return Indirection(start, Parenthesized(out _), isParenthesized: true);
            case TokenKind.Keyword:
                return KeywordPrimary(start);
            default:
                throw Unexpected();
        }
    }

    private bool AtPsqlValue() =>
        KindAt(Position + 1) is TokenKind.Identifier or TokenKind.Keyword or TokenKind.String && _tokens[Position + 1].Start == _tokens[Position].End;

    private ParameterReference PsqlValue()
    {
        var start = Start;
        Advance();
        var style = At(TokenKind.String) ? ParameterStyle.ColonString : _text[_tokens[Position].Start] == '"' ? ParameterStyle.ColonIdentifier : ParameterStyle.Colon;
        ref var token = ref _tokens[Position];
        var trim = style == ParameterStyle.Colon ? 0 : 1;
        var name = new Name(_text.Substring(token.Start + trim, token.End - token.Start - (2 * trim)), StartAt(Position), token.End - token.Start);
        Advance();
        return new ParameterReference { Start = start, Name = name, Style = style, End = LastEnd };
    }

    private ParameterReference ParameterReference()
    {
        var start = Start;
        ref var token = ref _tokens[Position];
        var text = _text.Substring(token.Start + 1, token.End - token.Start - 1);
        var style = _text[token.Start] switch { '$' => ParameterStyle.Positional, '@' => ParameterStyle.At, _ => ParameterStyle.Colon };
        var name = style == ParameterStyle.Positional ? default : new Name(text, StartAt(Position) + 1, text.Length);
        Advance();
        var number = 0;
        if (style == ParameterStyle.Positional)
            int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number);
        return new ParameterReference { Start = start, Number = number, Name = name, Style = style, End = LastEnd };
    }

    private Expression KeywordPrimary(int start)
    {
        switch (_tokens[Position].Keyword)
        {
            case Keyword.Null:
                return TakeLiteral(LiteralKind.Null);
            case Keyword.True:
                return TakeLiteral(LiteralKind.True);
            case Keyword.False:
                return TakeLiteral(LiteralKind.False);
            case Keyword.Case:
                return Case(start);
            case Keyword.Exists when PeekIs(1, TokenKind.OpenParen):
                Advance();
                return new ExistsSubquery { Start = start, Query = QueryInParentheses(), End = LastEnd };
            case Keyword.Array:
                Advance();
                if (At(TokenKind.OpenBracket))
                    return ArrayItems(start);
                return new ArraySubquery { Start = start, Query = QueryInParentheses(), End = LastEnd };
            case Keyword.Row when PeekIs(1, TokenKind.OpenParen):
                return ExplicitRow(start);
            case Keyword.Grouping when PeekIs(1, TokenKind.OpenParen):
                Advance();
                return new GroupingCall { Start = start, Arguments = ExpressionsInParentheses(), End = LastEnd };
            case Keyword.Unique when PeekIs(1, TokenKind.OpenParen):
                Advance();
                QueryInParentheses();
                throw ErrorAt(start, "UNIQUE predicate is not yet implemented");
        }
        return NameOrCall();
    }

    // gram.y opt_indirection behind a primary: fields and subscripts.
    private Expression Indirection(int start, Expression operand, bool isParenthesized = false)
    {
        var isNested = isParenthesized && operand is FieldSelection or Subscript;
        while (true)
        {
            if (At(TokenKind.Dot))
                operand = Field(start, operand, isNested);
            else if (At(TokenKind.OpenBracket))
                operand = SubscriptOf(start, operand, isNested);
            else
                return operand;
            isNested = false;
            _links++;
        }
    }

    private FieldSelection Field(int start, Expression operand, bool isNested)
    {
        Advance();
        if (Accept(TokenKind.Star))
        {
            RefuseIndirection();
            return new FieldSelection { Start = start, Operand = operand, IsOperandNested = isNested, End = LastEnd };
        }
        return new FieldSelection { Start = start, Operand = operand, IsOperandNested = isNested, Field = Label(), End = LastEnd };
    }

    // A star ends an indirection; PostgreSQL reads what follows it all the same before it says so.
    private void RefuseIndirection()
    {
        if (SkipIndirection())
            throw ErrorAtNext("improper use of \"*\"");
    }

    private bool SkipIndirection()
    {
        var start = Position;
        while (At(TokenKind.Dot) || At(TokenKind.OpenBracket))
        {
            if (At(TokenKind.OpenBracket))
            {
                SubscriptOf(Start, new DefaultExpression());
                continue;
            }
            Advance();
            if (!Accept(TokenKind.Star))
                Label();
        }
        return Position > start;
    }

    // gram.y indirection_el: [e] | [lower:upper]
    private Subscript SubscriptOf(int start, Expression operand, bool isNested = false)
    {
        Expect(TokenKind.OpenBracket);
        Expression? lower = null;
        if (!At(TokenKind.Colon))
            lower = Expression();
        var isSlice = Accept(TokenKind.Colon);
        Expression? upper = null;
        if (isSlice && !At(TokenKind.CloseBracket))
            upper = Expression();
        Expect(TokenKind.CloseBracket);
        if (!isSlice)
            return new Subscript { Start = start, Operand = operand, IsOperandNested = isNested, Upper = lower, End = LastEnd };
        return new Subscript { Start = start, Operand = operand, IsOperandNested = isNested, IsSlice = true, Lower = lower, Upper = upper, End = LastEnd };
    }

    // What stands in parentheses: a query, a row, or an expression, whose span leaves the parentheses out.
    private Expression Parenthesized(out QueryStatement? query)
    {
        var start = Start;
        var expression = ParenthesizedStart(out query, out var items);
        if (query is not null)
            return new ScalarSubquery { Start = start, Query = query, End = LastEnd };
        if (items is not null)
            return new RowConstructor { Start = start, Items = items, End = LastEnd };
        return expression!;
    }

    // ( … ): sets exactly one of the result, the query and the list of two or more items.
    private Expression? ParenthesizedStart(out QueryStatement? query, out Expression[]? items)
    {
        query = null;
        items = null;
        Expect(TokenKind.OpenParen);
        EnterDepth();
        Expression? first = null;
        if (IsQueryAhead(0))
        {
            query = Query();
        }
        else
        {
            var isParenthesis = At(TokenKind.OpenParen);
            first = Expression();
            if (isParenthesis && first is ScalarSubquery inner && (AtQueryContinuation() || At(TokenKind.CloseParen)))
            {
                // ((SELECT …)) is one query in two pairs of parentheses, ((SELECT …) UNION …) a set operation.
                query = QueryFrom(inner.Start, inner.Query);
                first = null;
            }
            else if (At(TokenKind.Comma))
            {
                var mark = _items.Count;
                _items.Add(first);
                while (Accept(TokenKind.Comma))
                    _items.Add(Expression());
                items = ItemsFrom<Expression>(mark);
                first = null;
            }
        }
        Expect(TokenKind.CloseParen);
        LeaveDepth();
        return first;
    }

    private bool IsQueryAhead(int ahead) =>
        PeekIs(ahead, Keyword.Select) || PeekIs(ahead, Keyword.With) || (PeekIs(ahead, Keyword.Values) && PeekIs(ahead + 1, TokenKind.OpenParen)) || PeekIs(ahead, Keyword.Table);

    private bool AtQueryContinuation() =>
        At(Keyword.Union) || At(Keyword.Intersect) || At(Keyword.Except) || At(Keyword.Order) || At(Keyword.Limit) || At(Keyword.Offset) || At(Keyword.Fetch) || At(Keyword.For);

    // gram.y select_with_parens.
    private QueryStatement QueryInParentheses()
    {
        Expect(TokenKind.OpenParen);
        var query = Query();
        Expect(TokenKind.CloseParen);
        return query;
    }

    private RowConstructor ExplicitRow(int start)
    {
        Expect(Keyword.Row);
        Expect(TokenKind.OpenParen);
        Expression[] items = At(TokenKind.CloseParen) ? [] : CommaList(static parser => parser.Expression());
        Expect(TokenKind.CloseParen);
        return new RowConstructor { Start = start, Items = items, IsExplicit = true, End = LastEnd };
    }

    // gram.y array_expr: either all items are bare arrays, or none is.
    private ArrayConstructor ArrayItems(int start)
    {
        EnterDepth();
        Expect(TokenKind.OpenBracket);
        Expression[] items = [];
        if (At(TokenKind.OpenBracket))
            items = CommaList(static parser => parser.ArrayItems(parser.Start));
        else if (!At(TokenKind.CloseBracket))
            items = CommaList(static parser => parser.Expression());
        Expect(TokenKind.CloseBracket);
        LeaveDepth();
        return new ArrayConstructor { Start = start, Items = items, End = LastEnd };
    }

    private CaseExpression Case(int start)
    {
        Expect(Keyword.Case);
        var operand = At(Keyword.When) ? null : Expression();
        var branches = new List<CaseBranch>();
        while (At(Keyword.When))
        {
            var branchStart = Start;
            Advance();
            var condition = Expression();
            Expect(Keyword.Then);
            var result = Expression();
            branches.Add(new CaseBranch { Start = branchStart, Condition = condition, Result = result, End = LastEnd });
        }
        if (branches.Count == 0)
            throw Unexpected();
        var otherwise = Accept(Keyword.Else) ? Expression() : null;
        Expect(Keyword.End);
        return new CaseExpression { Start = start, Operand = operand, Branches = branches.ToArray(), Otherwise = otherwise, End = LastEnd };
    }

    // A column, a call, or a constant with its type before it.
    private Expression NameOrCall()
    {
        var start = Start;
        if (TypedConstant(start) is { } constant)
            return constant;
        if (SpecialFunction(start) is { } special)
            return special;
        if (!AtColumnId() && !AtTypeFunctionName())
            throw Unexpected();
        // A lone type-or-function word is only a function, a lone column-name word only a column.
        var isColumnId = AtColumnId();
        var isFunctionName = AtTypeFunctionName();
        var first = TakeName();
        if (At(TokenKind.OpenParen) && isFunctionName)
            return CallOrConstant(start, new ObjectName(first));
        if (At(TokenKind.String) && isFunctionName)
            return GenericConstant(start, new ObjectName(first), []);
        if (!isColumnId)
            throw Unexpected();
        if (!At(TokenKind.Dot))
        {
            var column = new ColumnReference { Start = start, Name = new ObjectName(first), End = LastEnd };
            return At(TokenKind.OpenBracket) ? Indirection(start, column) : column;
        }
        return QualifiedReference(start, first);
    }

    private Expression QualifiedReference(int start, Name first)
    {
        Advance();
        if (Accept(TokenKind.Star))
            return Star(start, new ObjectName(first));
        var second = Label();
        if (!At(TokenKind.Dot))
            return EndReference(start, new ObjectName(second, first));
        var parts = new List<Name> { first, second };
        while (Accept(TokenKind.Dot))
        {
            if (Accept(TokenKind.Star))
                return Star(start, FromParts(parts));
            parts.Add(Label());
        }
        return EndReference(start, FromParts(parts));
    }

    private ColumnReference Star(int start, ObjectName name)
    {
        RefuseIndirection();
        return new ColumnReference { Start = start, Name = name, IsStar = true, End = LastEnd };
    }

    private Expression EndReference(int start, ObjectName name)
    {
        if (At(TokenKind.OpenParen))
            return CallOrConstant(start, name);
        if (At(TokenKind.String))
            return GenericConstant(start, name, []);
        var column = new ColumnReference { Start = start, Name = name, End = LastEnd };
        return At(TokenKind.OpenBracket) ? Indirection(start, column) : column;
    }

    private CastExpression GenericConstant(int start, ObjectName name, Expression[] modifiers)
    {
        var type = new TypeName { Start = start, Name = name, Modifiers = modifiers, End = LastEnd };
        var operand = StringLiteral();
        return new CastExpression { Start = start, Operand = operand, Type = type, Syntax = CastSyntax.TypedLiteral, End = LastEnd };
    }

    private Expression CallOrConstant(int start, ObjectName name)
    {
        var call = Call(start, name);
        if (!At(TokenKind.String) || call.Arguments.Length == 0 || call.IsStar || call.IsDistinct || call.IsAllExplicit || call.IsVariadic || call.Over is not null || call.Filter is not null || call.WithinGroup.Length > 0)
            return call;
        foreach (var argument in call.Arguments)
        {
            if (argument is NamedArgument)
                throw ErrorAt(argument.Start, "type modifier cannot have parameter name");
        }
        if (call.OrderBy.Length > 0)
            throw Unexpected();
        return GenericConstant(start, name, call.Arguments);
    }
}

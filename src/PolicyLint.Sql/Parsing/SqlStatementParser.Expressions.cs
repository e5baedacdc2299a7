using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>gram.y a_expr and b_expr by precedence climbing.</content>
internal sealed partial class SqlStatementParser
{
    // gram.y's %left, %right and %nonassoc table, loosest first.
    private const int OrPrecedence = 1;
    private const int AndPrecedence = 2;
    private const int NotPrecedence = 3;
    private const int IsPrecedence = 4;
    private const int ComparisonPrecedence = 5;
    private const int BetweenPrecedence = 6;
    private const int OperatorPrecedence = 8;
    private const int AdditivePrecedence = 9;
    private const int MultiplicativePrecedence = 10;
    private const int PowerPrecedence = 11;
    private const int AtPrecedence = 12;
    private const int CollatePrecedence = 13;
    private const int UnaryMinusPrecedence = 14;

    /// <summary>gram.y a_expr.</summary>
    private Expression Expression() => Expression(0, isRestricted: false);

    /// <summary>gram.y b_expr: what may stand where a comma, AND or a keyword follows at once.</summary>
    private Expression RestrictedExpression() => Expression(0, isRestricted: true);

    private Expression Expression(int minimum, bool isRestricted)
    {
        EnterDepth();
        var start = Start;
        var left = Prefix(start, isRestricted);
        while (true)
        {
            var extended = Infix(left, start, minimum, isRestricted);
            if (extended is null)
                break;
            left = extended;
            _links++;
        }
        LeaveDepth();
        return left;
    }

    private Expression Prefix(int start, bool isRestricted)
    {
        ref var token = ref _tokens[Position];
        switch (token.Kind)
        {
            case TokenKind.Plus or TokenKind.Minus:
                var sign = TakeOperator();
                return new OperatorExpression { Start = start, Operator = new ObjectName(sign), Right = Expression(UnaryMinusPrecedence, isRestricted), End = LastEnd };
            case TokenKind.Operator:
                var name = TakeOperator();
                return new OperatorExpression { Start = start, Operator = new ObjectName(name), Right = Expression(OperatorPrecedence + 1, isRestricted), End = LastEnd };
            case TokenKind.Keyword:
                break;
            default:
                return Primary();
        }
        if (token.Keyword == Keyword.Not && !isRestricted)
        {
            Advance();
            return new NotExpression { Start = start, Operand = Expression(NotPrecedence, isRestricted), End = LastEnd };
        }
        if (token.Keyword == Keyword.Operator && PeekIs(1, TokenKind.OpenParen))
        {
            var name = QualifiedOperator();
            return new OperatorExpression
            {
                Start = start, Operator = name, IsOperatorSyntax = true, Right = Expression(OperatorPrecedence + 1, isRestricted), End = LastEnd,
            };
        }
        if (token.Keyword == Keyword.Default && !isRestricted)
        {
            Advance();
            return new DefaultExpression { Start = start, End = LastEnd };
        }
        return Primary();
    }

    private static int PrecedenceOf(TokenKind kind) => kind switch
    {
        TokenKind.Less or TokenKind.Greater or TokenKind.Equals or TokenKind.LessEquals or TokenKind.GreaterEquals or TokenKind.NotEquals => ComparisonPrecedence,
        TokenKind.Plus or TokenKind.Minus => AdditivePrecedence,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => MultiplicativePrecedence,
        TokenKind.Caret => PowerPrecedence,
        TokenKind.Operator => OperatorPrecedence,
        _ => -1,
    };

    // What may follow an operand and binds at least as tightly as asked; null where nothing does.
    private Expression? Infix(Expression left, int start, int minimum, bool isRestricted)
    {
        var kind = _tokens[Position].Kind;
        if (kind == TokenKind.TypeCast)
        {
            Advance();
            return new CastExpression { Start = start, Operand = left, Type = TypeName(), Syntax = CastSyntax.DoubleColon, End = LastEnd };
        }
        var precedence = PrecedenceOf(kind);
        if (precedence >= 0)
            return precedence >= minimum ? InfixOperator(left, start, precedence, isRestricted) : null;
        if (kind != TokenKind.Keyword)
            return null;
        switch (_tokens[Position].Keyword)
        {
            case Keyword.Operator when PeekIs(1, TokenKind.OpenParen):
                return OperatorPrecedence >= minimum ? InfixOperator(left, start, OperatorPrecedence, isRestricted) : null;
            case Keyword.Is:
                return IsPrecedence >= minimum ? IsOperator(left, start, isRestricted) : null;
            case var _ when isRestricted:
                return null;
            case Keyword.And:
                return AndPrecedence >= minimum ? Logical(left, start, LogicalOperator.And) : null;
            case Keyword.Or:
                return OrPrecedence >= minimum ? Logical(left, start, LogicalOperator.Or) : null;
            case Keyword.Isnull or Keyword.Notnull when IsPrecedence >= minimum:
                var isNegated = At(Keyword.Notnull);
                Advance();
                return new IsTest { Start = start, Operand = left, IsNegated = isNegated, End = LastEnd };
            case Keyword.Not when BetweenPrecedence >= minimum && IsNegatedTest():
                Advance();
                return Test(left, start, isNegated: true);
            case Keyword.Between or Keyword.In or Keyword.Like or Keyword.Ilike or Keyword.Similar:
                return BetweenPrecedence >= minimum && !(At(Keyword.Similar) && !PeekIs(1, Keyword.To)) ? Test(left, start, isNegated: false) : null;
            case Keyword.At:
                return AtPrecedence >= minimum ? AtTimeZone(left, start) : null;
            case Keyword.Collate:
                if (CollatePrecedence < minimum)
                    return null;
                Advance();
                return new CollateExpression { Start = start, Operand = left, Collation = AnyName(), End = LastEnd };
            case Keyword.Overlaps when left is RowConstructor row && LastEnd >= row.End:
                return Overlaps(row, start);
            default:
                return null;
        }
    }

    private bool IsNegatedTest() =>
        PeekIs(1, Keyword.Between) || PeekIs(1, Keyword.In) || PeekIs(1, Keyword.Like) || PeekIs(1, Keyword.Ilike) || PeekIs(1, Keyword.Similar);

    private Expression InfixOperator(Expression left, int start, int precedence, bool isRestricted)
    {
        var isOperatorSyntax = At(Keyword.Operator);
        var name = QualifiedOperator();
        if (!isRestricted && (At(Keyword.Any) || At(Keyword.Some) || At(Keyword.All)))
            return Quantified(left, start, name, isOperatorSyntax, isPatternKeyword: false);
        var right = Expression(precedence + 1, isRestricted);
        // Comparison operators do not associate.
        if (precedence == ComparisonPrecedence && PrecedenceOf(_tokens[Position].Kind) == ComparisonPrecedence)
            throw Unexpected();
        return new OperatorExpression { Start = start, Left = left, Operator = name, IsOperatorSyntax = isOperatorSyntax, Right = right, End = LastEnd };
    }

    private QuantifiedComparison Quantified(Expression left, int start, ObjectName name, bool isOperatorSyntax, bool isPatternKeyword)
    {
        var quantifier = At(Keyword.All) ? Quantifier.All : Quantifier.Any;
        Advance();
        if (!At(TokenKind.OpenParen))
            throw Unexpected();
        // The parentheses hold a query, or an expression that may itself be a query in parentheses.
        var content = Parenthesized(out var query);
        return new QuantifiedComparison
        {
            Start = start, Operand = left, Operator = name, IsOperatorSyntax = isOperatorSyntax, IsPatternKeyword = isPatternKeyword, Quantifier = quantifier,
            Array = query is null ? content : null, Query = query, End = LastEnd,
        };
    }

    // PostgreSQL flattens a run of the same connective as it reads it: a left operand that is one takes the right one in.
    private LogicalExpression Logical(Expression left, int start, LogicalOperator connective)
    {
        var keyword = connective == LogicalOperator.And ? Keyword.And : Keyword.Or;
        var precedence = connective == LogicalOperator.And ? AndPrecedence : OrPrecedence;
        Advance();
        var second = Expression(precedence + 1, isRestricted: false);
        if (!At(keyword) && left is not LogicalExpression)
            return new LogicalExpression { Start = start, Operator = connective, Operands = [left, second], End = LastEnd };
        var operands = new List<Expression>();
        if (left is LogicalExpression flat && flat.Operator == connective)
            operands.AddRange(flat.Operands);
        else
            operands.Add(left);
        operands.Add(second);
        while (Accept(keyword))
            operands.Add(Expression(precedence + 1, isRestricted: false));
        return new LogicalExpression { Start = start, Operator = connective, Operands = operands.ToArray(), End = LastEnd };
    }

    private Expression? IsOperator(Expression left, int start, bool isRestricted)
    {
        Advance();
        var isNegated = Accept(Keyword.Not);
        if (Accept(Keyword.Distinct))
        {
            Expect(Keyword.From);
            var right = Expression(IsPrecedence + 1, isRestricted);
            if (At(Keyword.Is) || At(Keyword.Isnull) || At(Keyword.Notnull))
                throw Unexpected();
            return new IsDistinctFrom { Start = start, Left = left, Right = right, IsNegated = isNegated, End = LastEnd };
        }
        if (Accept(Keyword.Document))
            return new IsTest { Start = start, Operand = left, Test = TestKind.Document, IsNegated = isNegated, End = LastEnd };
        if (isRestricted)
            throw Unexpected();
        TestKind? test = At(Keyword.Null) ? TestKind.Null : At(Keyword.True) ? TestKind.True : At(Keyword.False) ? TestKind.False : At(Keyword.Unknown) ? TestKind.Unknown : null;
        if (test is not null)
        {
            Advance();
            return new IsTest { Start = start, Operand = left, Test = test.Value, IsNegated = isNegated, End = LastEnd };
        }
        if (Accept(Keyword.Json))
            return IsJsonTest(left, start, isNegated);
        string? form = null;
        if (At(Keyword.Nfc) || At(Keyword.Nfd) || At(Keyword.Nfkc) || At(Keyword.Nfkd))
            form = KeywordFacts.TextOf(_tokens[Position++].Keyword).ToUpperInvariant();
        Expect(Keyword.Normalized);
        return new IsNormalized { Start = start, Operand = left, IsNegated = isNegated, Form = form, End = LastEnd };
    }

    private IsJson IsJsonTest(Expression left, int start, bool isNegated)
    {
        var type = JsonValueType.Any;
        if (Accept(Keyword.Object))
            type = JsonValueType.Object;
        else if (Accept(Keyword.Array))
            type = JsonValueType.Array;
        else if (Accept(Keyword.Scalar))
            type = JsonValueType.Scalar;
        else
            Accept(Keyword.Value);
        var uniqueness = KeyUniqueness();
        return new IsJson { Start = start, Operand = left, IsNegated = isNegated, ValueType = type, Uniqueness = uniqueness, End = LastEnd };
    }

    // BETWEEN, IN, LIKE, ILIKE, SIMILAR TO: one level that does not associate, but IN's parentheses and quantifiers close it.
    private Expression Test(Expression left, int start, bool isNegated)
    {
        if (Accept(Keyword.Between))
        {
            var isSymmetric = Accept(Keyword.Symmetric);
            if (!isSymmetric)
                Accept(Keyword.Asymmetric);
            var lower = RestrictedExpression();
            Expect(Keyword.And);
            var upper = Expression(BetweenPrecedence + 1, isRestricted: false);
            RefuseSecondTest();
            return new BetweenExpression { Start = start, Operand = left, IsNegated = isNegated, IsSymmetric = isSymmetric, Lower = lower, Upper = upper, End = LastEnd };
        }
        if (Accept(Keyword.In))
            return In(left, start, isNegated);
        var kind = At(Keyword.Like) ? MatchKind.Like : At(Keyword.Ilike) ? MatchKind.ILike : MatchKind.SimilarTo;
        Advance();
        if (kind == MatchKind.SimilarTo)
        {
            Expect(Keyword.To);
        }
        else if (At(Keyword.Any) || At(Keyword.Some) || At(Keyword.All))
        {
            var text = (kind, isNegated) switch
            {
                (MatchKind.Like, false) => "~~",
                (MatchKind.Like, true) => "!~~",
                (_, false) => "~~*",
                _ => "!~~*",
            };
            return Quantified(left, start, new ObjectName(new Name(text)), isOperatorSyntax: false, isPatternKeyword: true);
        }
        var pattern = Expression(BetweenPrecedence + 1, isRestricted: false);
        var escape = Accept(Keyword.Escape) ? Expression(BetweenPrecedence + 1, isRestricted: false) : null;
        RefuseSecondTest();
        return new PatternMatch { Start = start, Operand = left, Kind = kind, IsNegated = isNegated, Pattern = pattern, Escape = escape, End = LastEnd };
    }

    private void RefuseSecondTest()
    {
        if (At(Keyword.Between) || At(Keyword.In) || At(Keyword.Like) || At(Keyword.Ilike) || (At(Keyword.Similar) && PeekIs(1, Keyword.To)) || (At(Keyword.Not) && IsNegatedTest()))
            throw Unexpected();
    }

    private Expression In(Expression left, int start, bool isNegated)
    {
        // Dapper writes the parentheses of a list itself: `id IN @ids`.
        if (At(TokenKind.NamedParameter))
            return new InList { Start = start, Operand = left, IsNegated = isNegated, Items = [ParameterReference()], End = LastEnd };
        if (!At(TokenKind.OpenParen))
            throw Unexpected();
        var first = ParenthesizedStart(out var query, out var items);
        if (query is not null)
            return new InSubquery { Start = start, Operand = left, IsNegated = isNegated, Query = query, End = LastEnd };
        return new InList { Start = start, Operand = left, IsNegated = isNegated, Items = items ?? [first!], End = LastEnd };
    }

    private AtTimeZone AtTimeZone(Expression left, int start)
    {
        Advance();
        if (Accept(Keyword.Local))
            return new AtTimeZone { Start = start, Operand = left, End = LastEnd };
        Expect(Keyword.Time);
        Expect(Keyword.Zone);
        return new AtTimeZone { Start = start, Operand = left, Zone = Expression(AtPrecedence + 1, isRestricted: false), End = LastEnd };
    }

    private FunctionCall Overlaps(RowConstructor left, int start)
    {
        Advance();
        var rightStart = Start;
        if (Primary() is not RowConstructor right)
            throw Unexpected();
        if (left.Items.Length != 2)
            throw ErrorAt(start, "wrong number of parameters on left side of OVERLAPS expression");
        if (right.Items.Length != 2)
            throw ErrorAt(rightStart, "wrong number of parameters on right side of OVERLAPS expression");
        return new FunctionCall
        {
            Start = start, Name = CatalogName("overlaps"), Syntax = FunctionSyntax.Overlaps,
            Arguments = [left.Items[0], left.Items[1], right.Items[0], right.Items[1]], End = LastEnd,
        };
    }

    private static ObjectName CatalogName(string name) => new(new Name(name), new Name("pg_catalog"));
}

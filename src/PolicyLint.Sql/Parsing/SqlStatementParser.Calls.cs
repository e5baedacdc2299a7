using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>gram.y func_expr: calls, windows, and the functions that the grammar spells in its own way.</content>
internal sealed partial class SqlStatementParser
{
    // func_application with WITHIN GROUP, FILTER and OVER. The cursor stands at the parenthesis.
    private FunctionCall Call(int start, ObjectName name)
    {
        var call = Application(start, name);
        if (!At(Keyword.Within) && !At(Keyword.Filter) && !At(Keyword.Over))
            return call;
        SortItem[] within = [];
        if (At(Keyword.Within))
        {
            Advance();
            var withinStart = StartAt(Position - 1);
            Expect(Keyword.Group);
            Expect(TokenKind.OpenParen);
            within = SortClause();
            Expect(TokenKind.CloseParen);
            if (call.OrderBy.Length > 0)
                throw ErrorAt(withinStart, "cannot use multiple ORDER BY clauses with WITHIN GROUP");
            if (call.IsDistinct)
                throw ErrorAt(withinStart, "cannot use DISTINCT with WITHIN GROUP");
            if (call.IsVariadic)
                throw ErrorAt(withinStart, "cannot use VARIADIC with WITHIN GROUP");
        }
        var filter = Filter();
        var over = Over();
        if (within.Length == 0 && filter is null && over is null)
            return call;
        return new FunctionCall
        {
            Start = start, Name = name, Arguments = call.Arguments, IsStar = call.IsStar, IsDistinct = call.IsDistinct, IsAllExplicit = call.IsAllExplicit,
            IsVariadic = call.IsVariadic, OrderBy = call.OrderBy, WithinGroup = within, Filter = filter, Over = over, End = LastEnd,
        };
    }

    private Expression? Filter()
    {
        if (!Accept(Keyword.Filter))
            return null;
        Expect(TokenKind.OpenParen);
        Expect(Keyword.Where);
        var condition = Expression();
        Expect(TokenKind.CloseParen);
        return condition;
    }

    private WindowDefinition? Over()
    {
        if (!At(Keyword.Over))
            return null;
        Advance();
        var start = Start;
        if (!At(TokenKind.OpenParen))
            return new WindowDefinition { Start = start, IsReference = true, Base = ColumnId(), End = LastEnd };
        return WindowSpecification(start, default);
    }

    // ([base] [PARTITION BY …] [ORDER BY …] [frame])
    private WindowDefinition WindowSpecification(int start, Name name)
    {
        Expect(TokenKind.OpenParen);
        // The words that begin a clause of the specification are no names here.
        var hasBase = AtColumnId() && !At(Keyword.Partition) && !((At(Keyword.Range) || At(Keyword.Rows) || At(Keyword.Groups)) && !PeekIs(1, TokenKind.CloseParen));
        var baseName = hasBase ? ColumnId() : default;
        Expression[] partition = [];
        if (Accept(Keyword.Partition))
        {
            Expect(Keyword.By);
            partition = CommaList(static parser => parser.Expression());
        }
        var order = At(Keyword.Order) ? SortClause() : [];
        var frame = Frame();
        Expect(TokenKind.CloseParen);
        return new WindowDefinition { Start = start, Name = name, Base = baseName, Partition = partition, OrderBy = order, Frame = frame, End = LastEnd };
    }

    private WindowFrame? Frame()
    {
        if (!At(Keyword.Range) && !At(Keyword.Rows) && !At(Keyword.Groups))
            return null;
        var start = Start;
        var mode = At(Keyword.Range) ? FrameMode.Range : At(Keyword.Rows) ? FrameMode.Rows : FrameMode.Groups;
        Advance();
        FrameBound from;
        FrameBound? to = null;
        if (Accept(Keyword.Between))
        {
            from = FrameBound();
            Expect(Keyword.And);
            to = FrameBound();
        }
        else
        {
            from = FrameBound();
        }
        CheckFrame(from, to);
        var exclusion = FrameExclusion.None;
        if (Accept(Keyword.Exclude))
        {
            if (Accept(Keyword.Current))
            {
                Expect(Keyword.Row);
                exclusion = FrameExclusion.CurrentRow;
            }
            else if (Accept(Keyword.Group))
            {
                exclusion = FrameExclusion.Group;
            }
            else if (Accept(Keyword.Ties))
            {
                exclusion = FrameExclusion.Ties;
            }
            else
            {
                Expect(Keyword.No);
                Expect(Keyword.Others);
                exclusion = FrameExclusion.NoOthers;
            }
        }
        return new WindowFrame { Start = start, Mode = mode, From = from, To = to, Exclusion = exclusion, End = LastEnd };
    }

    // gram.y frame_extent.
    private void CheckFrame(FrameBound from, FrameBound? to)
    {
        if (from.Kind == FrameBoundKind.UnboundedFollowing)
            throw ErrorAt(from.Start, "frame start cannot be UNBOUNDED FOLLOWING");
        if (to is null)
        {
            if (from.Kind == FrameBoundKind.Following)
                throw ErrorAt(from.Start, "frame starting from following row cannot end with current row");
            return;
        }
        if (to.Kind == FrameBoundKind.UnboundedPreceding)
            throw ErrorAt(to.Start, "frame end cannot be UNBOUNDED PRECEDING");
        if (from.Kind == FrameBoundKind.CurrentRow && to.Kind == FrameBoundKind.Preceding)
            throw ErrorAt(to.Start, "frame starting from current row cannot have preceding rows");
        if (from.Kind == FrameBoundKind.Following && to.Kind is FrameBoundKind.Preceding or FrameBoundKind.CurrentRow)
            throw ErrorAt(to.Start, "frame starting from following row cannot have preceding rows");
    }

    private FrameBound FrameBound()
    {
        var start = Start;
        if (At(Keyword.Unbounded) && (PeekIs(1, Keyword.Preceding) || PeekIs(1, Keyword.Following)))
        {
            Advance();
            var isPreceding = At(Keyword.Preceding);
            Advance();
            return new FrameBound { Start = start, Kind = isPreceding ? FrameBoundKind.UnboundedPreceding : FrameBoundKind.UnboundedFollowing, End = LastEnd };
        }
        if (At(Keyword.Current) && PeekIs(1, Keyword.Row))
        {
            Advance();
            Advance();
            return new FrameBound { Start = start, Kind = FrameBoundKind.CurrentRow, End = LastEnd };
        }
        var offset = Expression();
        var isBefore = Accept(Keyword.Preceding);
        if (!isBefore)
            Expect(Keyword.Following);
        return new FrameBound { Start = start, Kind = isBefore ? FrameBoundKind.Preceding : FrameBoundKind.Following, Offset = offset, End = LastEnd };
    }

    /// <summary>gram.y func_application.</summary>
    private FunctionCall Application(int start, ObjectName name)
    {
        Expect(TokenKind.OpenParen);
        if (Accept(TokenKind.CloseParen))
            return new FunctionCall { Start = start, Name = name, End = LastEnd };
        if (Accept(TokenKind.Star))
        {
            Expect(TokenKind.CloseParen);
            return new FunctionCall { Start = start, Name = name, IsStar = true, End = LastEnd };
        }
        var isDistinct = Accept(Keyword.Distinct);
        var isAll = !isDistinct && Accept(Keyword.All);
        var isVariadic = false;
        Expression[] arguments;
        var first = Argument(ref isVariadic);
        if (At(TokenKind.Comma) && !isVariadic)
        {
            var mark = _items.Count;
            _items.Add(first);
            while (!isVariadic && Accept(TokenKind.Comma))
                _items.Add(Argument(ref isVariadic));
            arguments = ItemsFrom<Expression>(mark);
        }
        else
        {
            arguments = [first];
        }
        if (isVariadic && (isDistinct || isAll))
            throw Unexpected();
        var order = At(Keyword.Order) ? SortClause() : [];
        Expect(TokenKind.CloseParen);
        return new FunctionCall
        {
            Start = start, Name = name, Arguments = arguments, IsDistinct = isDistinct, IsAllExplicit = isAll, IsVariadic = isVariadic, OrderBy = order, End = LastEnd,
        };
    }

    private Expression Argument(ref bool isVariadic)
    {
        isVariadic = Accept(Keyword.Variadic);
        return Argument();
    }

    // gram.y func_arg_expr.
    private Expression Argument()
    {
        if (!AtTypeFunctionName() || !(PeekIs(1, TokenKind.ColonEquals) || PeekIs(1, TokenKind.EqualsGreater)))
            return Expression();
        var start = Start;
        var name = TakeName();
        Advance();
        return new NamedArgument { Start = start, Name = name, Value = Expression(), End = LastEnd };
    }

    // gram.y func_expr_windowless.
    private Expression WindowlessFunction()
    {
        var start = Start;
        if (SpecialFunction(start, isWindowless: true) is { } special)
            return special;
        var name = FunctionName();
        return Application(start, name);
    }

    private SortItem[] SortClause()
    {
        Expect(Keyword.Order);
        Expect(Keyword.By);
        return CommaList(static parser => parser.SortItem());
    }

    private SortItem SortItem()
    {
        var start = Start;
        var value = Expression();
        var direction = SortDirection.Default;
        ObjectName name = default;
        if (Accept(Keyword.Asc))
        {
            direction = SortDirection.Ascending;
        }
        else if (Accept(Keyword.Desc))
        {
            direction = SortDirection.Descending;
        }
        else if (Accept(Keyword.Using))
        {
            direction = SortDirection.Using;
            name = QualifiedOperator();
        }
        var nulls = NullsOrder();
        return new SortItem { Start = start, Value = value, Direction = direction, Operator = name, Nulls = nulls, End = LastEnd };
    }

    private NullsOrder NullsOrder()
    {
        if (!At(Keyword.Nulls) || !(PeekIs(1, Keyword.First) || PeekIs(1, Keyword.Last)))
            return Tree.NullsOrder.Default;
        Advance();
        var isFirst = At(Keyword.First);
        Advance();
        return isFirst ? Tree.NullsOrder.First : Tree.NullsOrder.Last;
    }

    // gram.y func_expr_common_subexpr and the JSON aggregates; null where none stands.
    private Expression? SpecialFunction(int start, bool isWindowless = false)
    {
        if (!At(TokenKind.Keyword))
            return null;
        var keyword = _tokens[Position].Keyword;
        switch (keyword)
        {
            case Keyword.CurrentDate:
                return ValueFunction(start, SqlValueFunctionKind.CurrentDate, takesPrecision: false);
            case Keyword.CurrentTime:
                return ValueFunction(start, SqlValueFunctionKind.CurrentTime, takesPrecision: true);
            case Keyword.CurrentTimestamp:
                return ValueFunction(start, SqlValueFunctionKind.CurrentTimestamp, takesPrecision: true);
            case Keyword.Localtime:
                return ValueFunction(start, SqlValueFunctionKind.LocalTime, takesPrecision: true);
            case Keyword.Localtimestamp:
                return ValueFunction(start, SqlValueFunctionKind.LocalTimestamp, takesPrecision: true);
            case Keyword.CurrentRole:
                return ValueFunction(start, SqlValueFunctionKind.CurrentRole, takesPrecision: false);
            case Keyword.CurrentUser:
                return ValueFunction(start, SqlValueFunctionKind.CurrentUser, takesPrecision: false);
            case Keyword.User:
                return ValueFunction(start, SqlValueFunctionKind.User, takesPrecision: false);
            case Keyword.SessionUser:
                return ValueFunction(start, SqlValueFunctionKind.SessionUser, takesPrecision: false);
            case Keyword.SystemUser:
                return ValueFunction(start, SqlValueFunctionKind.SystemUser, takesPrecision: false);
            case Keyword.CurrentCatalog:
                return ValueFunction(start, SqlValueFunctionKind.CurrentCatalog, takesPrecision: false);
            case Keyword.CurrentSchema when !PeekIs(1, TokenKind.OpenParen):
                return ValueFunction(start, SqlValueFunctionKind.CurrentSchema, takesPrecision: false);
            case Keyword.Cast:
                return Cast(start);
            case Keyword.Collation when PeekIs(1, Keyword.For):
                Advance();
                Advance();
                return Special(start, "pg_collation_for", FunctionSyntax.CollationFor, [ExpressionInParentheses()]);
        }
        if (!PeekIs(1, TokenKind.OpenParen))
            return null;
        switch (keyword)
        {
            case Keyword.Coalesce:
                return Conditional(start, ConditionalFunction.Coalesce);
            case Keyword.Greatest:
                return Conditional(start, ConditionalFunction.Greatest);
            case Keyword.Least:
                return Conditional(start, ConditionalFunction.Least);
            case Keyword.Nullif:
                return NullIf(start);
            case Keyword.Extract:
                return Extract(start);
            case Keyword.Normalize:
                return Normalize(start);
            case Keyword.Overlay:
                return Overlay(start);
            case Keyword.Position:
                return PositionOf(start);
            case Keyword.Substring:
                return Substring(start);
            case Keyword.Treat:
                return Treat(start);
            case Keyword.Trim:
                return Trim(start);
            case Keyword.MergeAction:
                Advance();
                Advance();
                Expect(TokenKind.CloseParen);
                return new MergeAction { Start = start, End = LastEnd };
            default:
                return XmlFunction(start, keyword) ?? JsonFunction(start, keyword, isWindowless);
        }
    }

    private SqlValueFunction ValueFunction(int start, SqlValueFunctionKind kind, bool takesPrecision)
    {
        Advance();
        Expression? precision = null;
        if (takesPrecision && Accept(TokenKind.OpenParen))
        {
            precision = IntegerLiteral();
            Expect(TokenKind.CloseParen);
        }
        return new SqlValueFunction { Start = start, Kind = kind, Precision = precision, End = LastEnd };
    }

    private FunctionCall Special(int start, string name, FunctionSyntax syntax, Expression[] arguments) =>
        new() { Start = start, Name = CatalogName(name), Syntax = syntax, Arguments = arguments, End = LastEnd };

    private CastExpression Cast(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var operand = Expression();
        Expect(Keyword.As);
        var type = TypeName();
        Expect(TokenKind.CloseParen);
        return new CastExpression { Start = start, Operand = operand, Type = type, Syntax = CastSyntax.Cast, End = LastEnd };
    }

    private ConditionalExpression Conditional(int start, ConditionalFunction function)
    {
        Advance();
        return new ConditionalExpression { Start = start, Function = function, Arguments = ExpressionsInParentheses(), End = LastEnd };
    }

    private ConditionalExpression NullIf(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var left = Expression();
        Expect(TokenKind.Comma);
        var right = Expression();
        Expect(TokenKind.CloseParen);
        return new ConditionalExpression { Start = start, Function = ConditionalFunction.NullIf, Arguments = [left, right], End = LastEnd };
    }

    // EXTRACT(field FROM e): the field is a string to the catalog function.
    private FunctionCall Extract(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        Literal field;
        if (At(TokenKind.String))
        {
            field = StringLiteral();
        }
        else
        {
            if (!At(TokenKind.Identifier) && !At(Keyword.Year) && !At(Keyword.Month) && !At(Keyword.Day) && !At(Keyword.Hour) && !At(Keyword.Minute) && !At(Keyword.Second))
                throw Unexpected();
            var name = TakeName();
            field = new Literal { Start = name.Start, Kind = LiteralKind.String, Source = Source, DecodedText = name.Text, End = name.End };
        }
        Expect(Keyword.From);
        var value = Expression();
        Expect(TokenKind.CloseParen);
        return Special(start, "extract", FunctionSyntax.Extract, [field, value]);
    }

    private FunctionCall Normalize(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var value = Expression();
        Expression[] arguments = [value];
        if (Accept(TokenKind.Comma))
        {
            if (!At(Keyword.Nfc) && !At(Keyword.Nfd) && !At(Keyword.Nfkc) && !At(Keyword.Nfkd))
                throw Unexpected();
            var name = TakeName();
            arguments = [value, new Literal { Start = name.Start, Kind = LiteralKind.String, Source = Source, DecodedText = name.Text.ToUpperInvariant(), End = name.End }];
        }
        Expect(TokenKind.CloseParen);
        return Special(start, "normalize", FunctionSyntax.Normalize, arguments);
    }

    private FunctionCall Overlay(int start)
    {
        var name = new ObjectName(TakeName());
        if (PeekIs(1, TokenKind.CloseParen) || IsNamedArgument(1))
            return Application(start, name);
        Expect(TokenKind.OpenParen);
        var value = Expression();
        if (!Accept(Keyword.Placing))
            return RestOfCall(start, name, value);
        var replacement = Expression();
        Expect(Keyword.From);
        var from = Expression();
        var length = Accept(Keyword.For) ? Expression() : null;
        Expect(TokenKind.CloseParen);
        return Special(start, "overlay", FunctionSyntax.Overlay, length is null ? [value, replacement, from] : [value, replacement, from, length]);
    }

    private bool IsNamedArgument(int ahead) => PeekIsWord(ahead) && (PeekIs(ahead + 1, TokenKind.ColonEquals) || PeekIs(ahead + 1, TokenKind.EqualsGreater));

    // An ordinary call after all, whose first argument has been read.
    private FunctionCall RestOfCall(int start, ObjectName name, Expression first)
    {
        var arguments = new List<Expression> { first };
        while (Accept(TokenKind.Comma))
            arguments.Add(Argument());
        Expect(TokenKind.CloseParen);
        return new FunctionCall { Start = start, Name = name, Arguments = arguments.ToArray(), End = LastEnd };
    }

    private FunctionCall PositionOf(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var part = RestrictedExpression();
        Expect(Keyword.In);
        var whole = RestrictedExpression();
        Expect(TokenKind.CloseParen);
        return Special(start, "position", FunctionSyntax.Position, [whole, part]);
    }

    // gram.y substr_list; FOR without FROM counts from 1 and casts the length.
    private FunctionCall Substring(int start)
    {
        var name = new ObjectName(TakeName());
        if (PeekIs(1, TokenKind.CloseParen) || IsNamedArgument(1))
            return Application(start, name);
        Expect(TokenKind.OpenParen);
        var value = Expression();
        if (Accept(Keyword.Similar))
        {
            var pattern = Expression();
            Expect(Keyword.Escape);
            var escape = Expression();
            Expect(TokenKind.CloseParen);
            return Special(start, "substring", FunctionSyntax.SubstringSimilar, [value, pattern, escape]);
        }
        if (!At(Keyword.From) && !At(Keyword.For))
            return RestOfCall(start, name, value);
        Expression? from = null, length = null;
        if (Accept(Keyword.From))
        {
            from = Expression();
            if (Accept(Keyword.For))
                length = Expression();
        }
        else
        {
            Advance();
            length = Expression();
            if (Accept(Keyword.From))
            {
                from = Expression();
            }
            else
            {
                var type = new TypeName { Start = length.Start, Name = CatalogName("int4"), IsSystemName = true, End = length.End };
                from = new Literal { Start = length.Start, Kind = LiteralKind.Integer, Source = Source, DecodedText = "1", End = length.Start };
                length = new CastExpression { Start = length.Start, Operand = length, Type = type, End = length.End };
            }
        }
        Expect(TokenKind.CloseParen);
        return Special(start, "substring", FunctionSyntax.Substring, length is null ? [value, from] : [value, from, length]);
    }

    private TreatExpression Treat(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var operand = Expression();
        Expect(Keyword.As);
        var type = TypeName();
        Expect(TokenKind.CloseParen);
        return new TreatExpression { Start = start, Operand = operand, Type = type, End = LastEnd };
    }

    // TRIM([BOTH|LEADING|TRAILING] [characters] FROM list | list): the characters come last in the catalog function.
    private FunctionCall Trim(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var syntax = FunctionSyntax.TrimBoth;
        if (Accept(Keyword.Leading))
            syntax = FunctionSyntax.TrimLeading;
        else if (Accept(Keyword.Trailing))
            syntax = FunctionSyntax.TrimTrailing;
        else
            Accept(Keyword.Both);
        var arguments = new List<Expression>();
        Expression? characters = null;
        if (!At(Keyword.From))
        {
            arguments.AddRange(CommaList(static parser => parser.Expression()));
            if (arguments.Count == 1 && At(Keyword.From))
            {
                characters = arguments[0];
                arguments.Clear();
            }
        }
        if (arguments.Count == 0)
        {
            Expect(Keyword.From);
            arguments.AddRange(CommaList(static parser => parser.Expression()));
        }
        if (characters is not null)
            arguments.Add(characters);
        Expect(TokenKind.CloseParen);
        var name = syntax switch { FunctionSyntax.TrimBoth => "btrim", FunctionSyntax.TrimLeading => "ltrim", _ => "rtrim" };
        return Special(start, name, syntax, arguments.ToArray());
    }
}

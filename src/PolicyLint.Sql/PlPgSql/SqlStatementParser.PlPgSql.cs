using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>
/// PL/pgSQL: blocks and declarations. As in pl_gram.y an embedded expression or statement is the tokens up to a terminator
/// outside of parentheses, and is then parsed as SQL.
/// </content>
internal sealed partial class SqlStatementParser
{
    /// <summary>The whole text: options, one block, an optional semicolon.</summary>
    internal PlBlock PlFunction()
    {
        while (AtOperator("#"))
            PlOption();
        var start = Start;
        var label = PlLabel();
        var block = PlBlock(start, label);
        Accept(TokenKind.Semicolon);
        if (!AtEnd)
            throw Unexpected();
        return block;
    }

    // #option dump | #print_strict_params on|off | #variable_conflict error|use_variable|use_column
    private void PlOption()
    {
        Advance();
        if (AcceptWord("option"))
        {
            ExpectWord("dump");
        }
        else if (AcceptWord("print_strict_params"))
        {
            if (!AcceptWord("on"))
                ExpectWord("off");
        }
        else
        {
            ExpectWord("variable_conflict");
            if (!AcceptWord("error") && !AcceptWord("use_variable"))
                ExpectWord("use_column");
        }
    }

    // <<name>>
    private Name PlLabel()
    {
        if (!AcceptOperator("<<"))
            return default;
        var label = Label();
        if (!AcceptOperator(">>"))
            throw Unexpected();
        return label;
    }

    private PlBlock PlBlock(int start, Name label)
    {
        EnterDepth();
        var declarations = new List<PlDeclaration>();
        if (AcceptWord("declare"))
        {
            while (!AtWord("begin"))
            {
                if (!AcceptWord("declare"))
                    declarations.Add(PlDeclaration());
            }
        }
        ExpectWord("begin");
        var statements = PlStatements();
        var handlers = new List<PlExceptionHandler>();
        var hasExceptionSection = AcceptWord("exception");
        if (hasExceptionSection)
        {
            do
                handlers.Add(PlHandler());
            while (AtWord("when"));
        }
        ExpectWord("end");
        if (!At(TokenKind.Semicolon) && !AtEnd)
            Label();
        LeaveDepth();
        return new PlBlock
        {
            Start = start, Label = label, Declarations = [.. declarations], Statements = statements, Handlers = [.. handlers],
            HasExceptionSection = hasExceptionSection, End = LastEnd,
        };
    }

    // name ALIAS FOR x; | name [[NO] SCROLL] CURSOR [(args)] FOR query; | name [CONSTANT] type [COLLATE c] [NOT NULL] [:= e];
    private PlDeclaration PlDeclaration()
    {
        var start = Start;
        var name = Label();
        if (AtWord("alias") && PeekIsWord(1, "for"))
        {
            Advance();
            Advance();
            var target = At(TokenKind.Parameter) ? new ObjectName(ParameterAsName()) : DottedName();
            return EndDeclaration(new PlDeclaration { Start = start, Name = name, AliasFor = target, End = LastEnd });
        }
        if (AtCursorDeclaration())
            return PlCursor(start, name);
        var isConstant = AcceptWord("constant");
        var type = PlType(out var isRowType);
        var collation = AcceptWord("collate") ? AnyName() : default;
        var isNotNull = AcceptWord("not");
        if (isNotNull)
            ExpectWord("null");
        Expression? value = null;
        if (AcceptAssignment() || AcceptWord("default"))
            value = PlExpressionUntil(TokenKind.Semicolon);
        return EndDeclaration(new PlDeclaration
        {
            Start = start, Name = name, IsConstant = isConstant, Type = type, IsRowType = isRowType, Collation = collation, IsNotNull = isNotNull, Default = value,
            End = LastEnd,
        });
    }

    private PlDeclaration EndDeclaration(PlDeclaration declaration)
    {
        Expect(TokenKind.Semicolon);
        return declaration;
    }

    private bool AtCursorDeclaration() =>
        AtWord("cursor") || (AtWord("scroll") && PeekIsWord(1, "cursor")) || (AtWord("no") && PeekIsWord(1, "scroll"));

    private PlDeclaration PlCursor(int start, Name name)
    {
        bool? isScroll = null;
        if (AcceptWord("no"))
        {
            ExpectWord("scroll");
            isScroll = false;
        }
        else if (AcceptWord("scroll"))
        {
            isScroll = true;
        }
        ExpectWord("cursor");
        FunctionParameter[] arguments = [];
        if (Accept(TokenKind.OpenParen))
        {
            arguments = CommaList(static parser => parser.PlCursorArgument());
            Expect(TokenKind.CloseParen);
        }
        if (!AcceptWord("for"))
            ExpectWord("is");
        var query = Within(FindTerminator(TokenKind.Semicolon), static parser => parser.ParseSelectStatement());
        return EndDeclaration(new PlDeclaration
        {
            Start = start, Name = name, IsCursor = true, IsScroll = isScroll, CursorArguments = arguments, CursorQuery = query, End = LastEnd,
        });
    }

    private FunctionParameter PlCursorArgument()
    {
        var start = Start;
        var name = Label();
        return new FunctionParameter { Start = start, Name = name, Type = PlType(out _), End = LastEnd };
    }

    // A type, or name%TYPE, name%ROWTYPE with perhaps an array's brackets.
    private TypeName PlType(out bool isRowType)
    {
        isRowType = false;
        var start = Start;
        var ahead = 1;
        while (PeekIs(ahead, TokenKind.Dot))
            ahead += 2;
        if (!PeekIsOperator(ahead, "%"))
            return TypeName();
        var name = DottedName();
        Advance();
        isRowType = AcceptWord("rowtype");
        if (!isRowType)
            ExpectWord("type");
        var dimensions = 0;
        if (AcceptWord("array") && !At(TokenKind.OpenBracket))
            dimensions = 1;
        while (Accept(TokenKind.OpenBracket))
        {
            if (At(TokenKind.Integer))
                Advance();
            Expect(TokenKind.CloseBracket);
            dimensions++;
        }
        return new TypeName { Start = start, Name = name, IsColumnType = !isRowType, ArrayDimensions = dimensions, ArrayBounds = new Expression?[dimensions], End = LastEnd };
    }

    // WHEN condition [OR condition]… THEN statements
    private PlExceptionHandler PlHandler()
    {
        var start = Start;
        ExpectWord("when");
        var conditions = new List<Name>();
        var states = new List<Literal>();
        do
        {
            if (AtWord("sqlstate") && PeekIs(1, TokenKind.String))
            {
                Advance();
                states.Add(StringLiteral());
            }
            else
            {
                conditions.Add(Label());
            }
        }
        while (AcceptWord("or"));
        ExpectWord("then");
        var statements = PlStatements();
        return new PlExceptionHandler { Start = start, Conditions = [.. conditions], SqlStates = [.. states], Statements = statements, End = LastEnd };
    }

    // Statements up to a word that ends the list: END, EXCEPTION, ELSE, ELSIF, WHEN.
    private PlStatement[] PlStatements()
    {
        List<PlStatement>? statements = null;
        while (!AtEnd && !AtStatementListEnd())
            (statements ??= []).Add(PlStatement());
        return statements is null ? [] : [.. statements];
    }

    private bool AtStatementListEnd() =>
        AtWord("end") || AtWord("exception") || AtWord("else") || AtWord("elsif") || AtWord("elseif") || AtWord("when");

    // The expression from here to a terminator that stands outside of parentheses.
    private Expression PlExpressionUntil(TokenKind terminator) => PlExpression(FindTerminator(terminator));

    private Expression PlExpressionUntilWord(string word) => PlExpression(FindWord(word));

    // PLpgSQL_Expr is what may follow SELECT: a plain expression mostly, else a query without its SELECT, which yields its one value.
    private Expression PlExpression(int end)
    {
        if (Position == end)
            throw Unexpected();
        var first = Position;
        var plain = Within(end, static parser => parser.TryWholeExpression());
        if (plain is not null)
            return plain;
        Position = first;
        var start = Start;
        var query = SelectWithoutKeyword(end);
        return new ScalarSubquery { Start = start, Query = query, End = LastEnd };
    }

    // Null where something of a query follows the expression.
    private Expression? TryWholeExpression()
    {
        if (AtBareSelectClause())
            return null;
        var expression = Expression();
        return AtEnd ? expression : null;
    }

    private bool AtBareSelectClause() => At(Keyword.Distinct) || At(Keyword.From) || AtOperator("*") || (At(Keyword.All) && !PeekIs(1, TokenKind.OpenParen));

    // Index of the terminator outside of parentheses and brackets. A missing one is the error that PL/pgSQL reports.
    private int FindTerminator(TokenKind terminator) => Find((parser, index) => parser.KindAt(index) == terminator);

    private int FindWord(string word) => Find((parser, index) => parser.IsWord(index, word));

    private int Find(Func<SqlStatementParser, int, bool> isTerminator)
    {
        var depth = 0;
        for (var index = Position; ; index++)
        {
            if (depth == 0 && isTerminator(this, index))
                return index;
            switch (KindAt(index))
            {
                case TokenKind.End:
                    Position = index;
                    throw Unexpected();
                case TokenKind.OpenParen or TokenKind.OpenBracket:
                    depth++;
                    break;
                case TokenKind.CloseParen or TokenKind.CloseBracket:
                    if (--depth < 0)
                    {
                        Position = index;
                        throw Unexpected();
                    }
                    break;
                case TokenKind.Semicolon when depth == 0:
                    Position = index;
                    throw Unexpected();
            }
        }
    }
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>PL/pgSQL statements. pl_gram.y proc_stmt.</content>
internal sealed partial class SqlStatementParser
{
    private PlStatement PlStatement()
    {
        var start = Start;
        var label = PlLabel();
        PlStatement statement;
        if (!label.IsEmpty || AtWord("declare") || AtWord("begin") || AtWord("loop") || AtWord("while") || AtWord("for") || AtWord("foreach"))
        {
            statement = PlLabeled(start, label);
        }
        else if (AtPlAssignment())
        {
            statement = PlAssignment(start);
        }
        else
        {
            EnterDepth();
            statement = PlSimple(start);
            LeaveDepth();
        }
        Expect(TokenKind.Semicolon);
        return statement;
    }

    private PlStatement PlLabeled(int start, Name label)
    {
        if (AtWord("declare") || AtWord("begin"))
            return PlBlock(start, label);
        EnterDepth();
        PlStatement statement;
        if (AcceptWord("while"))
        {
            var condition = PlExpressionUntilWord("loop");
            statement = new PlWhile { Start = start, Label = label, Condition = condition, Statements = PlLoopBody(), End = LastEnd };
        }
        else if (AcceptWord("for"))
        {
            statement = PlFor(start, label);
        }
        else if (AcceptWord("foreach"))
        {
            statement = PlForEach(start, label);
        }
        else
        {
            statement = new PlLoop { Start = start, Label = label, Statements = PlLoopBody(), End = LastEnd };
        }
        LeaveDepth();
        return statement;
    }

    // LOOP statements END LOOP [label]
    private PlStatement[] PlLoopBody()
    {
        ExpectWord("loop");
        var statements = PlStatements();
        ExpectWord("end");
        ExpectWord("loop");
        if (!At(TokenKind.Semicolon))
            Label();
        return statements;
    }

    // pl_scanner.c: a word that `=`, `:=`, `[` or a dot follows is a variable, whatever keyword it is spelled like.
    private bool AtPlAssignment()
    {
        if (At(TokenKind.Parameter))
            return true;
        if (!AtAnyWord() || IsReservedInPlPgSql())
            return false;
        return PeekIs(1, TokenKind.Dot) || PeekIs(1, TokenKind.OpenBracket) || PeekIs(1, TokenKind.ColonEquals) || PeekIsOperator(1, "=");
    }

    private bool IsReservedInPlPgSql() =>
        AtWord("all") || AtWord("begin") || AtWord("by") || AtWord("case") || AtWord("declare") || AtWord("else") || AtWord("end") || AtWord("execute") || AtWord("for")
        || AtWord("foreach") || AtWord("from") || AtWord("if") || AtWord("in") || AtWord("into") || AtWord("loop") || AtWord("not") || AtWord("null") || AtWord("or")
        || AtWord("strict") || AtWord("then") || AtWord("to") || AtWord("using") || AtWord("when") || AtWord("while");

    private PlAssignment PlAssignment(int start)
    {
        var target = PlTarget();
        if (!AcceptAssignment())
            throw Unexpected();
        var value = PlExpressionUntil(TokenKind.Semicolon);
        return new PlAssignment { Start = start, Target = target, Value = value, End = LastEnd };
    }

    private bool AcceptAssignment() => Accept(TokenKind.ColonEquals) || AcceptOperator("=");

    // name[.name]…, then subscripts and fields.
    private Expression PlTarget()
    {
        var start = Start;
        Expression target;
        if (At(TokenKind.Parameter))
            target = ParameterReference();
        else
            target = new ColumnReference { Start = start, Name = DottedName(), End = LastEnd };
        while (true)
        {
            if (Accept(TokenKind.Dot))
                target = new FieldSelection { Start = start, Operand = target, Field = Label(), End = LastEnd };
            else if (At(TokenKind.OpenBracket))
                target = SubscriptOf(start, target);
            else
                return target;
        }
    }

    private Expression PlName()
    {
        var start = Start;
        if (At(TokenKind.Parameter))
            return ParameterReference();
        return new ColumnReference { Start = start, Name = DottedName(), End = LastEnd };
    }

    private PlStatement PlSimple(int start)
    {
        if (AcceptWord("if"))
            return PlIf(start);
        if (AcceptWord("case"))
            return PlCase(start);
        if (AtWord("exit") || AtWord("continue"))
            return PlExit(start);
        if (AcceptWord("return"))
            return PlReturn(start);
        if (AcceptWord("raise"))
            return PlRaise(start);
        if (AcceptWord("assert"))
            return PlAssert(start);
        if (AcceptWord("execute"))
            return PlExecute(start);
        if (AtWord("perform"))
            return PlPerform(start);
        if (AtWord("call") || AtWord("do"))
            return new PlCall { Start = start, Statement = PlEmbeddedStatement(FindTerminator(TokenKind.Semicolon)), End = LastEnd };
        if (AtWord("get") && (PeekIsWord(1, "diagnostics") || PeekIsWord(1, "stacked") || PeekIsWord(1, "current")))
            return PlGetDiagnostics(start);
        if (AcceptWord("open"))
            return PlOpen(start);
        if (AtWord("fetch") || AtWord("move"))
            return PlFetch(start);
        if (AcceptWord("close"))
            return new PlClose { Start = start, Cursor = PlCursorName(), End = LastEnd };
        if (AtWord("commit") || AtWord("rollback"))
            return PlCommit(start);
        if (AcceptWord("null"))
            return new PlNull { Start = start, End = LastEnd };
        if (!AtAnyWord() && !At(TokenKind.OpenParen))
            throw Unexpected();
        return PlSqlStatement(start);
    }

    private PlIf PlIf(int start)
    {
        var branches = new List<PlCondition>();
        do
        {
            var branchStart = Start;
            var condition = PlExpressionUntilWord("then");
            ExpectWord("then");
            branches.Add(new PlCondition { Start = branchStart, Conditions = [condition], Statements = PlStatements(), End = LastEnd });
        }
        while (AcceptWord("elsif") || AcceptWord("elseif"));
        var hasElse = AcceptWord("else");
        var otherwise = hasElse ? PlStatements() : [];
        ExpectWord("end");
        ExpectWord("if");
        return new PlIf { Start = start, Branches = [.. branches], HasElse = hasElse, Otherwise = otherwise, End = LastEnd };
    }

    private PlCase PlCase(int start)
    {
        var operand = AtWord("when") ? null : PlExpressionUntilWord("when");
        var branches = new List<PlCondition>();
        while (AtWord("when"))
        {
            var branchStart = Start;
            Advance();
            var conditions = Within(FindWord("then"), static parser => parser.CommaList(static p => p.Expression()));
            ExpectWord("then");
            branches.Add(new PlCondition { Start = branchStart, Conditions = conditions, Statements = PlStatements(), End = LastEnd });
        }
        if (branches.Count == 0)
            throw Unexpected();
        var hasElse = AcceptWord("else");
        var otherwise = hasElse ? PlStatements() : [];
        ExpectWord("end");
        ExpectWord("case");
        return new PlCase { Start = start, Operand = operand, Branches = [.. branches], HasElse = hasElse, Otherwise = otherwise, End = LastEnd };
    }

    private PlExit PlExit(int start)
    {
        var isContinue = AtWord("continue");
        Advance();
        var target = At(TokenKind.Semicolon) || AtWord("when") ? default : Label();
        var condition = AcceptWord("when") ? PlExpressionUntil(TokenKind.Semicolon) : null;
        return new PlExit { Start = start, IsContinue = isContinue, Target = target, Condition = condition, End = LastEnd };
    }

    private PlReturn PlReturn(int start)
    {
        if (At(TokenKind.Semicolon))
            return new PlReturn { Start = start, End = LastEnd };
        if (AcceptWord("next"))
        {
            var next = At(TokenKind.Semicolon) ? null : PlExpressionUntil(TokenKind.Semicolon);
            return new PlReturn { Start = start, Kind = PlReturnKind.Next, Value = next, End = LastEnd };
        }
        if (!AcceptWord("query"))
            return new PlReturn { Start = start, Value = PlExpressionUntil(TokenKind.Semicolon), End = LastEnd };
        if (!AcceptWord("execute"))
            return new PlReturn { Start = start, Kind = PlReturnKind.Query, Query = PlEmbeddedStatement(FindTerminator(TokenKind.Semicolon)), End = LastEnd };
        var dynamic = PlExpression(Find(static (parser, index) => parser.IsWord(index, "using") || parser.KindAt(index) == TokenKind.Semicolon));
        var values = PlUsing(static (parser, index) => parser.KindAt(index) == TokenKind.Semicolon);
        return new PlReturn { Start = start, Kind = PlReturnKind.QueryExecute, Dynamic = dynamic, Using = values, End = LastEnd };
    }

    // USING e, e up to a terminator.
    private Expression[] PlUsing(Func<SqlStatementParser, int, bool> isTerminator)
    {
        if (!AcceptWord("using"))
            return [];
        return Within(Find(isTerminator), static parser => parser.CommaList(static p => p.Expression()));
    }

    private PlRaise PlRaise(int start)
    {
        var level = PlRaiseLevelWord();
        Literal? format = null;
        Literal? state = null;
        Name condition = default;
        Expression[] arguments = [];
        if (At(TokenKind.String))
        {
            format = StringLiteral();
            if (Accept(TokenKind.Comma))
            {
                arguments = Within(
                    Find(static (parser, index) => parser.IsWord(index, "using") || parser.KindAt(index) == TokenKind.Semicolon),
                    static parser => parser.CommaList(static p => p.Expression()));
            }
        }
        else if (AtWord("sqlstate") && PeekIs(1, TokenKind.String))
        {
            Advance();
            state = StringLiteral();
        }
        else if (!At(TokenKind.Semicolon) && !AtWord("using"))
        {
            condition = Label();
        }
        var options = new List<PlRaiseOption>();
        if (AcceptWord("using"))
        {
            do
                options.Add(PlRaiseOption());
            while (Accept(TokenKind.Comma));
        }
        return new PlRaise
        {
            Start = start, Level = level, Format = format, Arguments = arguments, Condition = condition, SqlState = state, Options = [.. options], End = LastEnd,
        };
    }

    private PlRaiseLevel PlRaiseLevelWord()
    {
        // A level's name may also be a condition's: what follows decides nothing in pl_gram.y, the level is taken.
        if (AcceptWord("exception"))
            return PlRaiseLevel.Exception;
        if (AcceptWord("warning"))
            return PlRaiseLevel.Warning;
        if (AcceptWord("notice"))
            return PlRaiseLevel.Notice;
        if (AcceptWord("info"))
            return PlRaiseLevel.Info;
        if (AcceptWord("log"))
            return PlRaiseLevel.Log;
        return AcceptWord("debug") ? PlRaiseLevel.Debug : PlRaiseLevel.Unspecified;
    }

    private PlRaiseOption PlRaiseOption()
    {
        var start = Start;
        var option = Label();
        if (!AcceptAssignment())
            throw Unexpected();
        var value = PlExpression(Find(static (parser, index) => parser.KindAt(index) is TokenKind.Comma or TokenKind.Semicolon));
        return new PlRaiseOption { Start = start, Option = option, Value = value, End = LastEnd };
    }

    private PlAssert PlAssert(int start)
    {
        var condition = PlExpression(Find(static (parser, index) => parser.KindAt(index) is TokenKind.Comma or TokenKind.Semicolon));
        var message = Accept(TokenKind.Comma) ? PlExpressionUntil(TokenKind.Semicolon) : null;
        return new PlAssert { Start = start, Condition = condition, Message = message, End = LastEnd };
    }

    // EXECUTE e with INTO and USING in either order, each at most once.
    private PlExecute PlExecute(int start)
    {
        var query = PlExpression(Find(IsExecuteTerminator));
        Expression[] into = [], values = [];
        var isStrict = false;
        while (!At(TokenKind.Semicolon))
        {
            if (into.Length == 0 && AcceptWord("into"))
            {
                isStrict = AcceptWord("strict");
                into = CommaList(static parser => parser.PlName());
            }
            else if (values.Length == 0 && AcceptWord("using"))
            {
                values = Within(Find(IsUsingTerminator), static parser => parser.CommaList(static p => p.Expression()));
            }
            else
            {
                throw Unexpected();
            }
        }
        return new PlExecute { Start = start, Query = query, Into = into, IsStrict = isStrict, Using = values, End = LastEnd };
    }

    private static bool IsExecuteTerminator(SqlStatementParser parser, int index) =>
        parser.IsWord(index, "into") || parser.IsWord(index, "using") || parser.KindAt(index) == TokenKind.Semicolon;

    private static bool IsUsingTerminator(SqlStatementParser parser, int index) => parser.IsWord(index, "into") || parser.KindAt(index) == TokenKind.Semicolon;

    private PlPerform PlPerform(int start)
    {
        var end = FindTerminator(TokenKind.Semicolon);
        Advance();
        var query = SelectWithoutKeyword(end);
        return new PlPerform { Start = start, Query = query, End = LastEnd };
    }

    private PlGetDiagnostics PlGetDiagnostics(int start)
    {
        ExpectWord("get");
        var isStacked = AcceptWord("stacked");
        if (!isStacked)
            AcceptWord("current");
        ExpectWord("diagnostics");
        var items = CommaList(static parser => parser.PlDiagnosticItem());
        return new PlGetDiagnostics { Start = start, IsStacked = isStacked, Items = items, End = LastEnd };
    }

    private PlDiagnosticItem PlDiagnosticItem()
    {
        var start = Start;
        var target = PlTarget();
        if (!AcceptAssignment())
            throw Unexpected();
        return new PlDiagnosticItem { Start = start, Target = target, Item = Label(), End = LastEnd };
    }

    private Name PlCursorName() => At(TokenKind.Parameter) ? ParameterAsName() : Label();

    private PlOpen PlOpen(int start)
    {
        var cursor = PlCursorName();
        Expression[] arguments = [], values = [];
        if (At(TokenKind.OpenParen))
        {
            Advance();
            arguments = CommaList(static parser => parser.CursorArgument());
            Expect(TokenKind.CloseParen);
            return new PlOpen { Start = start, Cursor = cursor, Arguments = arguments, End = LastEnd };
        }
        var options = "";
        if (AcceptWord("no"))
        {
            ExpectWord("scroll");
            options = "no scroll";
        }
        else if (AcceptWord("scroll"))
        {
            options = "scroll";
        }
        if (At(TokenKind.Semicolon) && options.Length == 0)
            return new PlOpen { Start = start, Cursor = cursor, End = LastEnd };
        ExpectWord("for");
        if (!AcceptWord("execute"))
        {
            var query = Within(FindTerminator(TokenKind.Semicolon), static parser => parser.ParseSelectStatement());
            return new PlOpen { Start = start, Cursor = cursor, Options = options, Query = query, End = LastEnd };
        }
        var dynamic = PlExpression(Find(static (parser, index) => parser.IsWord(index, "using") || parser.KindAt(index) == TokenKind.Semicolon));
        values = PlUsing(static (parser, index) => parser.KindAt(index) == TokenKind.Semicolon);
        return new PlOpen { Start = start, Cursor = cursor, Options = options, Dynamic = dynamic, Using = values, End = LastEnd };
    }

    // FETCH [direction FROM|IN] cursor INTO targets | MOVE [direction FROM|IN] cursor. pl_gram.y read_fetch_direction.
    private PlFetch PlFetch(int start)
    {
        var isMove = AtWord("move");
        Advance();
        var direction = "";
        Expression? count = null;
        var isCursorNext = AtAnyWord() && (PeekIs(1, TokenKind.Semicolon) || PeekIsWord(1, "into"));
        if (!isCursorNext && !AtWord("from") && !AtWord("in"))
        {
            direction = PlFetchDirection(out var takesCount);
            if ((takesCount || direction.Length == 0) && !AtWord("from") && !AtWord("in"))
                count = PlExpression(Find(static (parser, index) => parser.IsWord(index, "from") || parser.IsWord(index, "in")));
        }
        if (!isCursorNext && !AcceptWord("from"))
            ExpectWord("in");
        var cursor = PlCursorName();
        Expression[] into = [];
        if (!isMove)
        {
            ExpectWord("into");
            into = CommaList(static parser => parser.PlName());
        }
        return new PlFetch { Start = start, IsMove = isMove, Direction = direction, Count = count, Cursor = cursor, Into = into, End = LastEnd };
    }

    private string PlFetchDirection(out bool takesCount)
    {
        takesCount = false;
        foreach (var word in (string[])["next", "prior", "first", "last", "all"])
        {
            if (AcceptWord(word))
                return word;
        }
        foreach (var word in (string[])["absolute", "relative", "forward", "backward"])
        {
            if (!AcceptWord(word))
                continue;
            if (word is "forward" or "backward" && AcceptWord("all"))
                return word + " all";
            takesCount = true;
            return word;
        }
        return "";
    }

    private PlCommit PlCommit(int start)
    {
        var isRollback = AtWord("rollback");
        Advance();
        var isChain = false;
        if (AcceptWord("and"))
        {
            isChain = !AcceptWord("no");
            ExpectWord("chain");
        }
        return new PlCommit { Start = start, IsRollback = isRollback, IsChain = isChain, End = LastEnd };
    }

    // A whole SQL statement up to a token.
    private Statement PlEmbeddedStatement(int end) => Within(end, static parser => parser.ParseStatement());

    // Any other statement is SQL, with INTO anywhere in it. pl_gram.y make_execsql_stmt.
    private PlSql PlSqlStatement(int start)
    {
        var end = FindSqlEnd(out var intoIndex);
        if (intoIndex < 0)
            return new PlSql { Start = start, Statement = PlEmbeddedStatement(end), End = LastEnd };
        var first = Position;
        Position = intoIndex + 1;
        var isStrict = AcceptWord("strict");
        var targets = CommaList(static parser => parser.PlName());
        // The clause's tokens move behind the statement's: what is left is the statement without INTO.
        var length = Position - intoIndex;
        var textEnd = EndOf(_tokens[end - 1].End);
        MoveTokens(intoIndex, Position, end);
        Position = first;
        var statement = PlEmbeddedStatement(end - length);
        Position = end;
        return new PlSql { Start = start, Statement = statement, Into = targets, IsStrict = isStrict, End = textEnd };
    }

    // The semicolon that ends an SQL statement: not one in parentheses (CREATE RULE) or in a routine's BEGIN ATOMIC … END.
    private int FindSqlEnd(out int intoIndex)
    {
        intoIndex = -1;
        var depth = 0;
        var blocks = 0;
        var isImport = AtWord("import");
        var isRoutine = AtWord("create") && IsRoutineAhead();
        for (var index = Position; ; index++)
        {
            switch (KindAt(index))
            {
                case TokenKind.End:
                    Position = index;
                    throw Unexpected();
                case TokenKind.OpenParen:
                    depth++;
                    break;
                case TokenKind.CloseParen when depth > 0:
                    depth--;
                    break;
                case TokenKind.Semicolon when depth == 0 && blocks == 0:
                    return index;
            }
            if (isRoutine && depth == 0)
            {
                if (IsWord(index, "begin") || IsWord(index, "case"))
                    blocks++;
                else if (IsWord(index, "end") && blocks > 0)
                    blocks--;
            }
            if (!IsWord(index, "into") || isImport || IsWord(index - 1, "insert") || IsWord(index - 1, "merge"))
                continue;
            if (intoIndex >= 0)
                throw ErrorAt(StartAt(index), "INTO specified more than once");
            intoIndex = index;
        }
    }

    private bool IsRoutineAhead()
    {
        var ahead = PeekIsWord(1, "or") && PeekIsWord(2, "replace") ? 3 : 1;
        return PeekIsWord(ahead, "function") || PeekIsWord(ahead, "procedure");
    }
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>PL/pgSQL: FOR and FOREACH.</content>
internal sealed partial class SqlStatementParser
{
    // FOR targets IN EXECUTE e [USING …] | cursor[(args)] | [REVERSE] a .. b [BY c] | query LOOP …
    private PlStatement PlFor(int start, Name label)
    {
        var targets = CommaList(static parser => parser.PlName());
        ExpectWord("in");
        if (AcceptWord("execute"))
        {
            var dynamic = PlExpression(Find(static (parser, index) => parser.IsWord(index, "using") || parser.IsWord(index, "loop")));
            var values = PlUsing(static (parser, index) => parser.IsWord(index, "loop"));
            return new PlForExecute { Start = start, Label = label, Targets = targets, Query = dynamic, Using = values, Statements = PlLoopBody(), End = LastEnd };
        }
        if (targets.Length == 1 && AtCursorLoop())
        {
            var cursor = Label();
            Expression[] arguments = [];
            if (At(TokenKind.OpenParen) && !PeekIs(1, TokenKind.CloseParen))
            {
                Advance();
                arguments = CommaList(static parser => parser.CursorArgument());
                Expect(TokenKind.CloseParen);
            }
            return new PlForCursor
            {
                Start = start, Label = label, Variable = ((ColumnReference)targets[0]).Name.Name, Cursor = cursor, Arguments = arguments, Statements = PlLoopBody(), End = LastEnd,
            };
        }
        var isReverse = AtWord("reverse");
        if (isReverse)
            Advance();
        var end = Find(static (parser, index) => parser.KindAt(index) == TokenKind.DotDot || parser.IsWord(index, "loop"));
        if (KindAt(end) != TokenKind.DotDot)
        {
            var query = PlEmbeddedStatement(end);
            return new PlForQuery { Start = start, Label = label, Targets = targets, Query = query, Statements = PlLoopBody(), End = LastEnd };
        }
        var from = PlExpression(end);
        Advance();
        var to = PlExpression(Find(static (parser, index) => parser.IsWord(index, "by") || parser.IsWord(index, "loop")));
        var by = AcceptWord("by") ? PlExpressionUntilWord("loop") : null;
        var variable = targets[0] is ColumnReference reference ? reference.Name.Name : default;
        return new PlForInteger
        {
            Start = start, Label = label, Variable = variable, IsReverse = isReverse, From = from, To = to, By = by, Statements = PlLoopBody(), End = LastEnd,
        };
    }

    // Without a symbol table: one name, perhaps with arguments, directly before LOOP is a cursor; a query has more to it.
    private bool AtCursorLoop()
    {
        if (!AtAnyWord() || AtWord("select") || AtWord("values") || AtWord("table") || AtWord("with"))
            return false;
        if (PeekIsWord(1, "loop"))
            return true;
        if (!PeekIs(1, TokenKind.OpenParen))
            return false;
        var depth = 0;
        for (var index = Position + 1; ; index++)
        {
            switch (KindAt(index))
            {
                case TokenKind.OpenParen:
                    depth++;
                    break;
                case TokenKind.CloseParen when --depth == 0:
                    return IsWord(index + 1, "loop");
                case TokenKind.End:
                    return false;
            }
        }
    }

    // name := e | name => e | e. pl_gram.y read_cursor_args.
    private Expression CursorArgument()
    {
        var start = Start;
        if (!AtAnyWord() || !(PeekIs(1, TokenKind.ColonEquals) || PeekIs(1, TokenKind.EqualsGreater)))
            return Expression();
        var name = Label();
        Advance();
        return new NamedArgument { Start = start, Name = name, Value = Expression(), End = LastEnd };
    }

    private PlForEach PlForEach(int start, Name label)
    {
        var targets = CommaList(static parser => parser.PlName());
        var slice = 0;
        if (AcceptWord("slice"))
            slice = IntegerValue();
        ExpectWord("in");
        ExpectWord("array");
        var array = PlExpressionUntilWord("loop");
        return new PlForEach { Start = start, Label = label, Targets = targets, Slice = slice, Array = array, Statements = PlLoopBody(), End = LastEnd };
    }
}

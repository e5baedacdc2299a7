using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>What stands in FROM. gram.y table_ref.</content>
internal sealed partial class SqlStatementParser
{
    private TableReference TableReference()
    {
        EnterDepth();
        var start = Start;
        var left = SimpleTable();
        while (AtJoin())
            left = Join(start, left);
        LeaveDepth();
        return left;
    }

    private bool AtJoin() =>
        At(Keyword.Join) || At(Keyword.Inner) || At(Keyword.Left) || At(Keyword.Right) || At(Keyword.Full) || At(Keyword.Cross) || At(Keyword.Natural);

    private JoinedTable Join(int start, TableReference left)
    {
        _links++;
        if (Accept(Keyword.Cross))
        {
            Expect(Keyword.Join);
            var crossed = SimpleTable();
            return new JoinedTable { Start = start, Kind = JoinKind.Cross, Left = left, Right = crossed, End = LastEnd };
        }
        var isNatural = Accept(Keyword.Natural);
        var kind = JoinKindKeywords();
        Expect(Keyword.Join);
        if (isNatural)
        {
            var matched = SimpleTable();
            return new JoinedTable { Start = start, Kind = kind, IsNatural = true, Left = left, Right = matched, End = LastEnd };
        }
        // a JOIN b JOIN c ON x ON y: the inner join's condition comes first.
        var rightStart = Start;
        EnterDepth();
        var right = SimpleTable();
        while (AtJoin())
            right = Join(rightStart, right);
        LeaveDepth();
        if (Accept(Keyword.Using))
        {
            var columns = ColumnList();
            var alias = Accept(Keyword.As) ? ColumnId() : default;
            return new JoinedTable { Start = start, Kind = kind, Left = left, Right = right, Using = columns, UsingAlias = alias, End = LastEnd };
        }
        Expect(Keyword.On);
        return new JoinedTable { Start = start, Kind = kind, Left = left, Right = right, On = Expression(), End = LastEnd };
    }

    private JoinKind JoinKindKeywords()
    {
        if (At(Keyword.Left) || At(Keyword.Right) || At(Keyword.Full))
        {
            var kind = At(Keyword.Left) ? JoinKind.Left : At(Keyword.Right) ? JoinKind.Right : JoinKind.Full;
            Advance();
            Accept(Keyword.Outer);
            return kind;
        }
        Accept(Keyword.Inner);
        return JoinKind.Inner;
    }

    private TableReference SimpleTable()
    {
        var start = Start;
        var isLateral = Accept(Keyword.Lateral);
        if (At(TokenKind.OpenParen))
            return ParenthesizedTable(start, isLateral);
        if (At(Keyword.Xmltable) && PeekIs(1, TokenKind.OpenParen))
            return XmlTable(start, isLateral);
        if (At(Keyword.JsonTable) && PeekIs(1, TokenKind.OpenParen))
            return JsonTable(start, isLateral);
        if (At(Keyword.Rows) && PeekIs(1, Keyword.From) && PeekIs(2, TokenKind.OpenParen))
            return RowsFrom(start, isLateral);
        if (isLateral || !IsRelationAhead())
            return TableFunction(start, isLateral);
        var name = RelationExpression(out var isOnly);
        var alias = OptionalAlias();
        var sample = At(Keyword.Tablesample) ? TableSample() : null;
        return new NamedTable { Start = start, Name = name, IsOnly = isOnly, Alias = alias, Sample = sample, End = LastEnd };
    }

    // A relation is a name that no parenthesis follows; functions of the grammar (current_date, …) are no names.
    private bool IsRelationAhead()
    {
        if (At(Keyword.Only))
            return true;
        if (!AtColumnId())
            return false;
        var ahead = At(TokenKind.Colon) ? 2 : 1;
        while (PeekIs(ahead, TokenKind.Dot))
            ahead += 2;
        return !PeekIs(ahead, TokenKind.OpenParen);
    }

    // ( query ) [alias] | ( joined table ) [alias]
    private TableReference ParenthesizedTable(int start, bool isLateral)
    {
        if (isLateral || IsQueryInParentheses())
        {
            var query = QueryInParentheses();
            // ((SELECT …) UNION …) has been read whole; what is left is the alias.
            var alias = OptionalAlias();
            return new DerivedTable { Start = start, IsLateral = isLateral, Query = query, Alias = alias, End = LastEnd };
        }
        Expect(TokenKind.OpenParen);
        var inner = TableReference();
        if (inner is not JoinedTable joined)
            throw Unexpected();
        Expect(TokenKind.CloseParen);
        var joinAlias = OptionalAlias();
        if (joinAlias is null)
            return joined;
        return new JoinedTable
        {
            Start = start, Kind = joined.Kind, IsNatural = joined.IsNatural, Left = joined.Left, Right = joined.Right, On = joined.On, Using = joined.Using,
            UsingAlias = joined.UsingAlias, Alias = joinAlias, End = LastEnd,
        };
    }

    // Whether the parenthesis at the cursor holds a query: behind all opening ones stands SELECT and its like, and the
    // inner parentheses are operands of a query, not of a join.
    private bool IsQueryInParentheses()
    {
        var ahead = 1;
        while (PeekIs(ahead, TokenKind.OpenParen))
            ahead++;
        if (!IsQueryAhead(ahead))
            return false;
        if (ahead == 1)
            return true;
        // ((SELECT …) AS a JOIN …): what follows the innermost query's parenthesis tells.
        var depth = 0;
        for (var index = Position + ahead - 1; index < _count; index++)
        {
            switch (KindAt(index))
            {
                case TokenKind.OpenParen:
                    depth++;
                    break;
                case TokenKind.CloseParen when --depth == 0:
                    return KindAt(index + 1) == TokenKind.CloseParen
                        || _tokens[Math.Min(index + 1, _count - 1)].Keyword is Keyword.Union or Keyword.Intersect or Keyword.Except or Keyword.Order or Keyword.Limit or Keyword.Offset
                            or Keyword.Fetch or Keyword.For;
            }
        }
        return true;
    }

    // ((: only a query begins so, and the first word in it shows that it is none.
    private void RefuseNestedParentheses()
    {
        if (!PeekIs(1, TokenKind.OpenParen))
            return;
        while (At(TokenKind.OpenParen))
            Advance();
        throw Unexpected();
    }

    private FunctionTable RowsFrom(int start, bool isLateral)
    {
        Advance();
        Advance();
        Expect(TokenKind.OpenParen);
        var functions = CommaList(static parser => parser.RowsFromItem());
        Expect(TokenKind.CloseParen);
        return EndFunctionTable(start, isLateral, isRowsFrom: true, functions);
    }

    private FunctionTableItem RowsFromItem()
    {
        var start = Start;
        var function = WindowlessFunction();
        var columns = Accept(Keyword.As) ? Definitions() : [];
        return new FunctionTableItem { Start = start, Function = function, Columns = columns, End = LastEnd };
    }

    private FunctionTable TableFunction(int start, bool isLateral)
    {
        var functionStart = Start;
        var function = WindowlessFunction();
        var item = new FunctionTableItem { Start = functionStart, Function = function, End = LastEnd };
        return EndFunctionTable(start, isLateral, isRowsFrom: false, [item]);
    }

    private FunctionTable EndFunctionTable(int start, bool isLateral, bool isRowsFrom, FunctionTableItem[] functions)
    {
        var withOrdinality = At(Keyword.With) && PeekIs(1, Keyword.Ordinality);
        if (withOrdinality)
        {
            Advance();
            Advance();
        }
        var alias = FunctionAlias();
        return new FunctionTable
        {
            Start = start, IsLateral = isLateral, IsRowsFrom = isRowsFrom, WithOrdinality = withOrdinality, Functions = functions, Alias = alias, End = LastEnd,
        };
    }

    private ColumnDefinition[] Definitions()
    {
        Expect(TokenKind.OpenParen);
        var columns = CommaList(static parser => parser.AttributeDefinition());
        Expect(TokenKind.CloseParen);
        return columns;
    }

    // gram.y func_alias_clause: also AS (column type, …), with or without a name.
    private TableAlias? FunctionAlias()
    {
        var start = Start;
        if (At(Keyword.As) && PeekIs(1, TokenKind.OpenParen))
        {
            Advance();
            return new TableAlias { Start = start, Definitions = Definitions(), End = LastEnd };
        }
        var hasAs = Accept(Keyword.As);
        if (!hasAs && !AtColumnId())
            return null;
        var name = ColumnId();
        if (!At(TokenKind.OpenParen))
            return new TableAlias { Start = start, Name = name, End = LastEnd };
        if (PeekIs(2, TokenKind.Comma) || PeekIs(2, TokenKind.CloseParen))
            return new TableAlias { Start = start, Name = name, Columns = ColumnList(), End = LastEnd };
        return new TableAlias { Start = start, Name = name, Definitions = Definitions(), End = LastEnd };
    }

    private TableAlias? OptionalAlias()
    {
        var start = Start;
        var hasAs = Accept(Keyword.As);
        if (!hasAs && !AtColumnId())
            return null;
        var name = ColumnId();
        var columns = OptionalColumnList();
        return new TableAlias { Start = start, Name = name, Columns = columns, End = LastEnd };
    }

    private TableSample TableSample()
    {
        var start = Start;
        Advance();
        var method = FunctionName();
        var arguments = ExpressionsInParentheses();
        var seed = Accept(Keyword.Repeatable) ? ExpressionInParentheses() : null;
        return new TableSample { Start = start, Method = method, Arguments = arguments, Seed = seed, End = LastEnd };
    }

    // gram.y relation_expr_opt_alias: SET begins UPDATE's list and is no alias without AS.
    private NamedTable TargetTable()
    {
        var start = Start;
        var name = RelationExpression(out var isOnly);
        TableAlias? alias = null;
        var aliasStart = Start;
        if (Accept(Keyword.As) || (AtColumnId() && !At(Keyword.Set)))
            alias = new TableAlias { Start = aliasStart, Name = ColumnId(), End = LastEnd };
        return new NamedTable { Start = start, Name = name, IsOnly = isOnly, Alias = alias, End = LastEnd };
    }

    private NamedTable RelationOnly()
    {
        var start = Start;
        var name = RelationExpression(out var isOnly);
        return new NamedTable { Start = start, Name = name, IsOnly = isOnly, End = LastEnd };
    }
}

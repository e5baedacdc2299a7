using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>SELECT, VALUES, set operations, WITH. gram.y SelectStmt.</content>
internal sealed partial class SqlStatementParser
{
    /// <summary>gram.y SelectStmt: with or without parentheses around.</summary>
    private QueryStatement ParseSelectStatement() => Query();

    private QueryStatement Query()
    {
        EnterDepth();
        var start = Start;
        var with = At(Keyword.With) ? WithClause() : null;
        var query = QueryTail(start, with, SetOperation(start, 1));
        LeaveDepth();
        return query;
    }

    // Goes on with a query whose first operand, a query in parentheses, has been read.
    private QueryStatement QueryFrom(int start, QueryStatement first) => QueryTail(start, null, SetOperations(start, first, 1));

    // UNION and EXCEPT bind at 1, INTERSECT at 2; both from left to right.
    private QueryStatement SetOperation(int start, int minimum) => SetOperations(start, SimpleQuery(), minimum);

    private QueryStatement SetOperations(int start, QueryStatement left, int minimum)
    {
        while (true)
        {
            var kind = At(Keyword.Union) ? SetOperator.Union : At(Keyword.Except) ? SetOperator.Except : SetOperator.Intersect;
            if (kind == SetOperator.Intersect && !At(Keyword.Intersect))
                return left;
            var precedence = kind == SetOperator.Intersect ? 2 : 1;
            if (precedence < minimum)
                return left;
            Advance();
            var isAll = Accept(Keyword.All);
            if (!isAll)
                Accept(Keyword.Distinct);
            var rightStart = Start;
            EnterDepth();
            var right = SetOperation(rightStart, precedence + 1);
            LeaveDepth();
            _links++;
            left = new SetOperationQuery { Start = start, Operator = kind, IsAll = isAll, Left = left, Right = right, End = LastEnd };
        }
    }

    private QueryStatement SimpleQuery()
    {
        var start = Start;
        if (At(TokenKind.OpenParen))
            return QueryInParentheses();
        if (Accept(Keyword.Select))
            return Select(start);
        if (Accept(Keyword.Values))
            return new ValuesQuery { Start = start, Rows = CommaList(static parser => parser.ValuesRow()), End = LastEnd };
        if (!Accept(Keyword.Table))
            throw Unexpected();
        var tableStart = Start;
        var table = RelationExpression(out var isOnly);
        var reference = new NamedTable { Start = tableStart, Name = table, IsOnly = isOnly, End = LastEnd };
        var star = new ColumnReference { Start = start, IsStar = true, End = start };
        return new SelectQuery { Start = start, Targets = [new SelectItem { Start = start, Value = star, End = start }], From = [reference], End = LastEnd };
    }

    private RowConstructor ValuesRow()
    {
        var start = Start;
        return new RowConstructor { Start = start, Items = ExpressionsInParentheses(), End = LastEnd };
    }

    // A query's SELECT is left out: PERFORM, and PL/pgSQL's expressions.
    private QueryStatement SelectWithoutKeyword(int end)
    {
        var start = Start;
        return Within(end, parser => parser.QueryTail(start, null, parser.SetOperations(start, parser.Select(start), 1)));
    }

    private SelectQuery Select(int start)
    {
        var isDistinct = false;
        Expression[] distinctOn = [];
        if (Accept(Keyword.Distinct))
        {
            if (Accept(Keyword.On))
                distinctOn = ExpressionsInParentheses();
            else
                isDistinct = true;
        }
        else if (At(Keyword.All))
        {
            Advance();
        }
        var targets = isDistinct || distinctOn.Length > 0 || AtTarget() ? CommaList(static parser => parser.Target()) : [];
        var into = At(Keyword.Into) ? Into() : null;
        var from = Accept(Keyword.From) ? CommaList(static parser => parser.TableReference()) : [];
        var where = Accept(Keyword.Where) ? Expression() : null;
        var groupBy = At(Keyword.Group) ? GroupBy() : null;
        var having = Accept(Keyword.Having) ? Expression() : null;
        var windows = Accept(Keyword.Window) ? CommaList(static parser => parser.Window()) : [];
        return new SelectQuery
        {
            Start = start, IsDistinct = isDistinct, DistinctOn = distinctOn, Targets = targets, Into = into, From = from, Where = where, GroupBy = groupBy, Having = having,
            Windows = windows, End = LastEnd,
        };
    }

    // The target list may be empty; what follows it is reserved.
    private bool AtTarget() => _tokens[Position].Kind switch
    {
        TokenKind.End or TokenKind.Semicolon or TokenKind.CloseParen or TokenKind.Backslash => false,
        TokenKind.Keyword => !(At(Keyword.Into) || At(Keyword.From) || At(Keyword.Where) || At(Keyword.Group) || At(Keyword.Having) || At(Keyword.Window) || At(Keyword.Union)
            || At(Keyword.Intersect) || At(Keyword.Except) || At(Keyword.Order) || At(Keyword.Limit) || At(Keyword.Offset) || At(Keyword.Fetch) || At(Keyword.For)
            || At(Keyword.On) || At(Keyword.With) || At(Keyword.Returning)),
        _ => true,
    };

    // gram.y target_el.
    private SelectItem Target()
    {
        var start = Start;
        if (Accept(TokenKind.Star))
        {
            var star = new ColumnReference { Start = start, IsStar = true, End = LastEnd };
            return new SelectItem { Start = start, Value = star, End = LastEnd };
        }
        var value = Expression();
        Name alias = default;
        if (Accept(Keyword.As))
            alias = Label();
        else if (At(TokenKind.Identifier) || (At(TokenKind.Keyword) && KeywordFacts.IsBareLabel(_tokens[Position].Keyword)))
            alias = TakeName();
        return new SelectItem { Start = start, Value = value, Alias = alias, End = LastEnd };
    }

    // INTO [LOCAL|GLOBAL] TEMP|UNLOGGED [TABLE] name | INTO [TABLE] name
    private IntoClause Into()
    {
        var start = Start;
        Expect(Keyword.Into);
        var persistence = Tree.Persistence.Permanent;
        if (At(Keyword.Temp) || At(Keyword.Temporary) || At(Keyword.Local) || At(Keyword.Global) || At(Keyword.Unlogged))
        {
            // These words are unreserved, but a table so called may not stand here unquoted when a name follows.
            if (PeekIs(1, Keyword.Table) || PeekIsColumnId(1))
                persistence = Persistence();
        }
        Accept(Keyword.Table);
        var table = QualifiedName();
        return new IntoClause { Start = start, Table = table, Persistence = persistence, End = LastEnd };
    }

    private GroupByClause GroupBy()
    {
        var start = Start;
        Expect(Keyword.Group);
        Expect(Keyword.By);
        var isDistinct = Accept(Keyword.Distinct);
        if (!isDistinct)
            Accept(Keyword.All);
        var items = CommaList(static parser => parser.GroupByItem());
        return new GroupByClause { Start = start, IsDistinct = isDistinct, Items = items, End = LastEnd };
    }

    // gram.y group_by_item.
    private Expression GroupByItem()
    {
        var start = Start;
        if (At(TokenKind.OpenParen) && PeekIs(1, TokenKind.CloseParen))
        {
            Advance();
            Advance();
            return new GroupingSet { Start = start, Kind = GroupingSetKind.Empty, End = LastEnd };
        }
        if ((At(Keyword.Rollup) || At(Keyword.Cube)) && PeekIs(1, TokenKind.OpenParen))
        {
            var kind = At(Keyword.Rollup) ? GroupingSetKind.Rollup : GroupingSetKind.Cube;
            Advance();
            return new GroupingSet { Start = start, Kind = kind, Items = ExpressionsInParentheses(), End = LastEnd };
        }
        if (!At(Keyword.Grouping) || !PeekIs(1, Keyword.Sets))
            return Expression();
        EnterDepth();
        Advance();
        Advance();
        Expect(TokenKind.OpenParen);
        var items = CommaList(static parser => parser.GroupByItem());
        Expect(TokenKind.CloseParen);
        LeaveDepth();
        return new GroupingSet { Start = start, Kind = GroupingSetKind.Sets, Items = items, End = LastEnd };
    }

    private WindowDefinition Window()
    {
        var start = Start;
        var name = ColumnId();
        Expect(Keyword.As);
        return WindowSpecification(start, name);
    }

    // [ORDER BY] then LIMIT, OFFSET and locking in either order; a query that has them already (it stood in parentheses) takes no second ones.
    private QueryStatement QueryTail(int start, WithClause? with, QueryStatement query)
    {
        if (with is null && !AtTail())
            return query;
        if (with is not null && query.With is not null)
            throw ErrorAt(with.Start, "multiple WITH clauses not allowed");
        var order = At(Keyword.Order) ? SortClause() : [];
        if (order.Length > 0 && query.OrderBy.Length > 0)
            throw ErrorAt(order[0].Start, "multiple ORDER BY clauses not allowed");
        var locking = At(Keyword.For) ? Locking() : [];
        var limitStart = Start;
        var limit = AtLimit() ? Limit() : null;
        if (locking.Length == 0 && limit is not null && At(Keyword.For))
            locking = Locking();
        if (limit is not null)
            CheckLimit(limit, query, order, limitStart, locking);
        limit = Merge(query.Limit, limit);
        if (order.Length == 0)
            order = query.OrderBy;
        if (query.Locking.Length > 0)
            locking = [.. query.Locking, .. locking];
        return Rebuild(start, with ?? query.With, query, order, limit, locking);
    }

    private bool AtTail() => At(Keyword.Order) || At(Keyword.Limit) || At(Keyword.Offset) || At(Keyword.Fetch) || At(Keyword.For);

    private bool AtLimit() => At(Keyword.Limit) || At(Keyword.Offset) || At(Keyword.Fetch);

    // Where the last WITH TIES stands, for the errors about it.
    private int _tiesStart;

    // gram.y insertSelectOptions.
    private void CheckLimit(LimitClause limit, QueryStatement query, SortItem[] order, int start, LockingClause[] locking)
    {
        if (limit.Offset is not null && query.Limit?.Offset is not null)
            throw ErrorAt(start, "multiple OFFSET clauses not allowed");
        if ((limit.Count is not null || limit.IsAll) && query.Limit is { } other && (other.Count is not null || other.IsAll))
            throw ErrorAt(start, "multiple LIMIT clauses not allowed");
        if (!limit.WithTies)
            return;
        if (order.Length == 0 && query.OrderBy.Length == 0)
            throw ErrorAt(_tiesStart, "WITH TIES cannot be specified without ORDER BY clause");
        foreach (var clause in locking)
        {
            if (clause.Wait == LockWait.SkipLocked)
                throw ErrorAt(_tiesStart, "SKIP LOCKED and WITH TIES options cannot be used together");
        }
    }

    private static LimitClause? Merge(LimitClause? inner, LimitClause? outer)
    {
        if (inner is null || outer is null)
            return outer ?? inner;
        return new LimitClause
        {
            Start = inner.Start, Count = outer.Count ?? inner.Count, IsAll = outer.IsAll || inner.IsAll, WithTies = outer.WithTies || inner.WithTies,
            Offset = outer.Offset ?? inner.Offset, End = outer.End,
        };
    }

    private QueryStatement Rebuild(int start, WithClause? with, QueryStatement query, SortItem[] order, LimitClause? limit, LockingClause[] locking) => query switch
    {
        SelectQuery select => new SelectQuery
        {
            Start = start, With = with, OrderBy = order, Limit = limit, Locking = locking, IsDistinct = select.IsDistinct, DistinctOn = select.DistinctOn, Targets = select.Targets,
            Into = select.Into, From = select.From, Where = select.Where, GroupBy = select.GroupBy, Having = select.Having, Windows = select.Windows, End = LastEnd,
        },
        ValuesQuery values => new ValuesQuery { Start = start, With = with, OrderBy = order, Limit = limit, Locking = locking, Rows = values.Rows, End = LastEnd },
        SetOperationQuery operation => new SetOperationQuery
        {
            Start = start, With = with, OrderBy = order, Limit = limit, Locking = locking, Operator = operation.Operator, IsAll = operation.IsAll, Left = operation.Left,
            Right = operation.Right, End = LastEnd,
        },
        _ => query,
    };

    // gram.y select_limit: LIMIT n|ALL or FETCH FIRST …, and OFFSET, in either order.
    private LimitClause Limit()
    {
        var start = Start;
        Expression? count = null, offset = null;
        bool isAll = false, withTies = false, hasLimit = false, hasOffset = false;
        while (AtLimit())
        {
            if (At(Keyword.Offset))
            {
                if (hasOffset)
                    throw Unexpected();
                hasOffset = true;
                Advance();
                offset = Expression();
                if (!Accept(Keyword.Row))
                    Accept(Keyword.Rows);
                continue;
            }
            if (hasLimit)
                throw Unexpected();
            hasLimit = true;
            if (Accept(Keyword.Limit))
            {
                isAll = Accept(Keyword.All);
                if (!isAll)
                    count = Expression();
                if (!At(TokenKind.Comma))
                    continue;
                Advance();
                Expression();
                throw ErrorAt(start, "LIMIT #,# syntax is not supported");
            }
            count = FetchCount(out withTies);
        }
        return new LimitClause { Start = start, Count = count, IsAll = isAll, WithTies = withTies, Offset = offset, End = LastEnd };
    }

    // FETCH FIRST|NEXT [n] ROW|ROWS ONLY|WITH TIES; one row where no number stands.
    private Expression FetchCount(out bool withTies)
    {
        Expect(Keyword.Fetch);
        if (!Accept(Keyword.First))
            Expect(Keyword.Next);
        Expression count;
        if (At(Keyword.Row) || At(Keyword.Rows))
            count = new Literal { Start = Start, Kind = LiteralKind.Integer, Source = Source, DecodedText = "1", End = Start };
        else
            count = AtNumber() ? SignedNumber() : Primary();
        if (!Accept(Keyword.Row))
            Expect(Keyword.Rows);
        _tiesStart = Start;
        withTies = Accept(Keyword.With);
        Expect(withTies ? Keyword.Ties : Keyword.Only);
        return count;
    }

    // FOR UPDATE|NO KEY UPDATE|SHARE|KEY SHARE [OF tables] [NOWAIT|SKIP LOCKED] …, or FOR READ ONLY, which says nothing.
    private LockingClause[] Locking()
    {
        if (PeekIs(1, Keyword.Read))
        {
            Advance();
            Advance();
            Expect(Keyword.Only);
            return [];
        }
        var clauses = new List<LockingClause>();
        while (At(Keyword.For))
        {
            var start = Start;
            Advance();
            var strength = LockStrength();
            var tables = Accept(Keyword.Of) ? CommaList(static parser => parser.QualifiedName()) : [];
            var wait = LockWait.Block;
            if (Accept(Keyword.Nowait))
            {
                wait = LockWait.NoWait;
            }
            else if (Accept(Keyword.Skip))
            {
                Expect(Keyword.Locked);
                wait = LockWait.SkipLocked;
            }
            clauses.Add(new LockingClause { Start = start, Strength = strength, Tables = tables, Wait = wait, End = LastEnd });
        }
        return clauses.ToArray();
    }

    private LockStrength LockStrength()
    {
        if (Accept(Keyword.Update))
            return Tree.LockStrength.Update;
        if (Accept(Keyword.Share))
            return Tree.LockStrength.Share;
        if (Accept(Keyword.No))
        {
            Expect(Keyword.Key);
            Expect(Keyword.Update);
            return Tree.LockStrength.NoKeyUpdate;
        }
        Expect(Keyword.Key);
        Expect(Keyword.Share);
        return Tree.LockStrength.KeyShare;
    }

    private WithClause WithClause()
    {
        var start = Start;
        Expect(Keyword.With);
        // RECURSIVE is unreserved: before AS or a column list it is the first table's name.
        var isRecursive = !PeekIs(1, Keyword.As) && !PeekIs(1, TokenKind.OpenParen) && Accept(Keyword.Recursive);
        var tables = CommaList(static parser => parser.CommonTable());
        return new WithClause { Start = start, IsRecursive = isRecursive, Tables = tables, End = LastEnd };
    }

    private CommonTableExpression CommonTable()
    {
        var start = Start;
        var name = ColumnId();
        var columns = OptionalColumnList();
        Expect(Keyword.As);
        var materialization = Materialization.Default;
        if (Accept(Keyword.Materialized))
        {
            materialization = Materialization.Materialized;
        }
        else if (Accept(Keyword.Not))
        {
            Expect(Keyword.Materialized);
            materialization = Materialization.NotMaterialized;
        }
        Expect(TokenKind.OpenParen);
        var query = PreparableStatement();
        Expect(TokenKind.CloseParen);
        var search = At(Keyword.Search) ? Search() : null;
        var cycle = At(Keyword.Cycle) ? Cycle() : null;
        return new CommonTableExpression
        {
            Start = start, Name = name, Columns = columns, Materialization = materialization, Query = query, Search = search, Cycle = cycle, End = LastEnd,
        };
    }

    private SearchClause Search()
    {
        var start = Start;
        Advance();
        var isBreadthFirst = Accept(Keyword.Breadth);
        if (!isBreadthFirst)
            Expect(Keyword.Depth);
        Expect(Keyword.First);
        Expect(Keyword.By);
        var columns = CommaList(static parser => parser.ColumnId());
        Expect(Keyword.Set);
        return new SearchClause { Start = start, IsBreadthFirst = isBreadthFirst, Columns = columns, Sequence = ColumnId(), End = LastEnd };
    }

    private CycleClause Cycle()
    {
        var start = Start;
        Advance();
        var columns = CommaList(static parser => parser.ColumnId());
        Expect(Keyword.Set);
        var mark = ColumnId();
        Expression? value = null, otherwise = null;
        if (Accept(Keyword.To))
        {
            value = Primary();
            Expect(Keyword.Default);
            otherwise = Primary();
        }
        Expect(Keyword.Using);
        return new CycleClause { Start = start, Columns = columns, Mark = mark, MarkValue = value, MarkDefault = otherwise, Path = ColumnId(), End = LastEnd };
    }

    /// <summary>gram.y PreparableStmt: a query or a data-modifying statement, WITH before it.</summary>
    private Statement PreparableStatement()
    {
        if (!At(Keyword.With))
        {
            return _tokens[Position].Keyword switch
            {
                Keyword.Insert => Insert(Start, null),
                Keyword.Update => Update(Start, null),
                Keyword.Delete => Delete(Start, null),
                Keyword.Merge => Merge(Start, null),
                _ => Query(),
            };
        }
        EnterDepth();
        var start = Start;
        var with = WithClause();
        Statement statement = _tokens[Position].Keyword switch
        {
            Keyword.Insert => Insert(start, with),
            Keyword.Update => Update(start, with),
            Keyword.Delete => Delete(start, with),
            Keyword.Merge => Merge(start, with),
            _ => QueryTail(start, with, SetOperation(Start, 1)),
        };
        LeaveDepth();
        return statement;
    }
}

using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>Queries and what stands in FROM.</content>
internal sealed partial class SqlWriter
{
    public override void VisitSelectQuery(SelectQuery node)
    {
        Visit(node.With);
        Word("SELECT");
        if (node.DistinctOn.Length > 0)
        {
            Word("DISTINCT ON");
            InParentheses(node.DistinctOn);
        }
        WordIf(node.IsDistinct, "DISTINCT");
        List(node.Targets);
        Visit(node.Into);
        From("FROM", node.From);
        Where(node.Where);
        Visit(node.GroupBy);
        if (node.Having is not null)
        {
            Word("HAVING");
            Visit(node.Having);
        }
        if (node.Windows.Length > 0)
        {
            Word("WINDOW");
            List(node.Windows);
        }
        WriteTail(node);
    }

    public override void VisitValuesQuery(ValuesQuery node)
    {
        Visit(node.With);
        Word("VALUES");
        for (var i = 0; i < node.Rows.Length; i++)
        {
            if (i > 0)
                Raw(',');
            InParentheses(node.Rows[i].Items);
        }
        WriteTail(node);
    }

    public override void VisitSetOperationQuery(SetOperationQuery node)
    {
        Visit(node.With);
        var chain = new Stack<SetOperationQuery>();
        QueryStatement left = node;
        do
        {
            chain.Push((SetOperationQuery)left);
            left = chain.Peek().Left;
        }
        while (left is SetOperationQuery operation && !NeedsParentheses(operation, Precedence(chain.Peek())));
        SetOperand(left, Precedence(chain.Peek()));
        while (chain.Count > 0)
        {
            var operation = chain.Pop();
            Word(operation.Operator.ToString().ToUpperInvariant());
            WordIf(operation.IsAll, "ALL");
            SetOperand(operation.Right, Precedence(operation) + 1);
        }
        WriteTail(node);
    }

    private static int Precedence(SetOperationQuery node) => node.Operator == SetOperator.Intersect ? 2 : 1;

    private static bool NeedsParentheses(QueryStatement query, int minimum) =>
        query.With is not null || query.OrderBy.Length > 0 || query.Limit is not null || query.Locking.Length > 0
        || (query is SetOperationQuery operation && Precedence(operation) < minimum);

    private void SetOperand(QueryStatement query, int minimum)
    {
        if (NeedsParentheses(query, minimum))
            Subquery(query);
        else
            Visit(query);
    }

    private void WriteTail(QueryStatement node)
    {
        OrderBy(node.OrderBy);
        Visit(node.Limit);
        Sequence(node.Locking);
    }

    private void From(string keyword, TableReference[] tables)
    {
        if (tables.Length == 0)
            return;
        Word(keyword);
        List(tables);
    }

    private void Where(Expression? condition)
    {
        if (condition is null)
            return;
        Word("WHERE");
        Visit(condition);
    }

    public override void VisitWithClause(WithClause node)
    {
        Word(node.IsRecursive ? "WITH RECURSIVE" : "WITH");
        List(node.Tables);
    }

    public override void VisitCommonTableExpression(CommonTableExpression node)
    {
        Write(node.Name);
        NamesInParentheses(node.Columns);
        Word(node.Materialization switch { Materialization.Default => "AS (", Materialization.Materialized => "AS MATERIALIZED (", _ => "AS NOT MATERIALIZED (" });
        Visit(node.Query);
        Raw(')');
        Visit(node.Search);
        Visit(node.Cycle);
    }

    public override void VisitSearchClause(SearchClause node)
    {
        Word(node.IsBreadthFirst ? "SEARCH BREADTH FIRST BY" : "SEARCH DEPTH FIRST BY");
        Names(node.Columns);
        Write("SET", node.Sequence);
    }

    public override void VisitCycleClause(CycleClause node)
    {
        Word("CYCLE");
        Names(node.Columns);
        Write("SET", node.Mark);
        if (node.MarkValue is not null)
        {
            Word("TO");
            Visit(node.MarkValue);
            Word("DEFAULT");
            Visit(node.MarkDefault);
        }
        Write("USING", node.Path);
    }

    public override void VisitSelectItem(SelectItem node)
    {
        Visit(node.Value);
        Write("AS", node.Alias);
    }

    public override void VisitIntoClause(IntoClause node)
    {
        Word("INTO");
        Write(node.Persistence);
        Word("TABLE");
        Write(node.Table);
    }

    private void Write(Persistence persistence)
    {
        if (persistence != Persistence.Permanent)
            Word(persistence == Persistence.Temporary ? "TEMPORARY" : "UNLOGGED");
    }

    public override void VisitSortItem(SortItem node)
    {
        Visit(node.Value);
        switch (node.Direction)
        {
            case SortDirection.Ascending:
                Word("ASC");
                break;
            case SortDirection.Descending:
                Word("DESC");
                break;
            case SortDirection.Using:
                Word("USING");
                // OPERATOR() and the bare operator make the same tree, and only the former takes a schema.
                Operator(node.Operator, isOperatorSyntax: !node.Operator.Qualifier.IsEmpty);
                break;
        }
        Write(node.Nulls);
    }

    private void Write(NullsOrder nulls)
    {
        if (nulls != NullsOrder.Default)
            Word(nulls == NullsOrder.First ? "NULLS FIRST" : "NULLS LAST");
    }

    public override void VisitLimitClause(LimitClause node)
    {
        if (node.WithTies)
        {
            Word("FETCH FIRST");
            if (node.Count is not null)
                PrimaryOnly(node.Count);
            Word("ROWS WITH TIES");
        }
        else if (node.Count is not null || node.IsAll)
        {
            Word("LIMIT");
            WordIf(node.IsAll, "ALL");
            Visit(node.Count);
        }
        if (node.Offset is null)
            return;
        Word("OFFSET");
        Visit(node.Offset);
    }

    public override void VisitLockingClause(LockingClause node)
    {
        Word(node.Strength switch
        {
            LockStrength.KeyShare => "FOR KEY SHARE",
            LockStrength.Share => "FOR SHARE",
            LockStrength.NoKeyUpdate => "FOR NO KEY UPDATE",
            _ => "FOR UPDATE",
        });
        if (node.Tables.Length > 0)
        {
            Word("OF");
            ObjectNames(node.Tables);
        }
        if (node.Wait != LockWait.Block)
            Word(node.Wait == LockWait.NoWait ? "NOWAIT" : "SKIP LOCKED");
    }

    public override void VisitGroupByClause(GroupByClause node)
    {
        Word(node.IsDistinct ? "GROUP BY DISTINCT" : "GROUP BY");
        List(node.Items);
    }

    public override void VisitGroupingSet(GroupingSet node)
    {
        if (node.Kind != GroupingSetKind.Empty)
            Word(node.Kind == GroupingSetKind.Sets ? "GROUPING SETS" : node.Kind.ToString().ToUpperInvariant());
        InParentheses(node.Items);
    }

    public override void VisitWindowDefinition(WindowDefinition node)
    {
        if (!node.Name.IsEmpty)
        {
            Write(node.Name);
            Word("AS");
        }
        WindowSpecification(node);
    }

    private void WindowSpecification(WindowDefinition node)
    {
        Word("(");
        Write(node.Base);
        if (node.Partition.Length > 0)
        {
            Word("PARTITION BY");
            List(node.Partition);
        }
        OrderBy(node.OrderBy);
        Visit(node.Frame);
        Raw(')');
    }

    public override void VisitWindowFrame(WindowFrame node)
    {
        Word(node.Mode.ToString().ToUpperInvariant());
        WordIf(node.To is not null, "BETWEEN");
        Visit(node.From);
        if (node.To is not null)
        {
            Word("AND");
            Visit(node.To);
        }
        switch (node.Exclusion)
        {
            case FrameExclusion.CurrentRow:
                Word("EXCLUDE CURRENT ROW");
                break;
            case FrameExclusion.Group:
                Word("EXCLUDE GROUP");
                break;
            case FrameExclusion.Ties:
                Word("EXCLUDE TIES");
                break;
        }
    }

    public override void VisitFrameBound(FrameBound node)
    {
        if (node.Offset is not null)
            Operand(node.Offset, OtherOperator);
        Word(node.Kind switch
        {
            FrameBoundKind.UnboundedPreceding => "UNBOUNDED PRECEDING",
            FrameBoundKind.Preceding => "PRECEDING",
            FrameBoundKind.CurrentRow => "CURRENT ROW",
            FrameBoundKind.Following => "FOLLOWING",
            _ => "UNBOUNDED FOLLOWING",
        });
    }

    public override void VisitTableAlias(TableAlias node)
    {
        Word("AS");
        Write(node.Name);
        NamesInParentheses(node.Columns);
        if (node.Definitions.Length > 0)
            InParentheses(node.Definitions);
    }

    public override void VisitNamedTable(NamedTable node)
    {
        WordIf(node.IsOnly, "ONLY");
        Write(node.Name);
        Visit(node.Alias);
        Visit(node.Sample);
    }

    public override void VisitTableSample(TableSample node)
    {
        Word("TABLESAMPLE");
        Write(node.Method);
        Arguments(node.Arguments);
        if (node.Seed is null)
            return;
        Word("REPEATABLE (");
        Visit(node.Seed);
        Raw(')');
    }

    public override void VisitDerivedTable(DerivedTable node)
    {
        WordIf(node.IsLateral, "LATERAL");
        Subquery(node.Query);
        Visit(node.Alias);
    }

    public override void VisitFunctionTable(FunctionTable node)
    {
        WordIf(node.IsLateral, "LATERAL");
        if (node.IsRowsFrom)
        {
            Word("ROWS FROM");
            InParentheses(node.Functions);
        }
        else
        {
            List(node.Functions);
        }
        WordIf(node.WithOrdinality, "WITH ORDINALITY");
        Visit(node.Alias);
    }

    public override void VisitFunctionTableItem(FunctionTableItem node)
    {
        Visit(node.Function);
        if (node.Columns.Length == 0)
            return;
        Word("AS");
        InParentheses(node.Columns);
    }

    public override void VisitJoinedTable(JoinedTable node)
    {
        var chain = new Stack<JoinedTable>();
        TableReference left = node;
        do
        {
            chain.Push((JoinedTable)left);
            left = chain.Peek().Left;
        }
        while (left is JoinedTable { Alias: null });
        WordIf(node.Alias is not null, "(");
        Visit(left);
        while (chain.Count > 0)
            WriteJoin(chain.Pop());
        if (node.Alias is not null)
            Raw(')');
        Visit(node.Alias);
    }

    private void WriteJoin(JoinedTable join)
    {
        WordIf(join.IsNatural, "NATURAL");
        Word(join.Kind switch { JoinKind.Inner => "JOIN", JoinKind.Cross => "CROSS JOIN", JoinKind.Left => "LEFT JOIN", JoinKind.Right => "RIGHT JOIN", _ => "FULL JOIN" });
        var isNested = join.Right is JoinedTable { Alias: null };
        WordIf(isNested, "(");
        Visit(join.Right);
        if (isNested)
            Raw(')');
        if (join.On is not null)
        {
            Word("ON");
            Visit(join.On);
        }
        if (join.Using.Length > 0)
        {
            Word("USING");
            NamesInParentheses(join.Using);
            Write("AS", join.UsingAlias);
        }
    }
}

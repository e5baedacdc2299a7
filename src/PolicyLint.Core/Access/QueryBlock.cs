using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>A relation of a block's FROM.</summary>
/// <param name="Alias">The name by which columns are qualified.</param>
/// <param name="Table">The table; a view as a table; null where it is none that is known.</param>
/// <param name="Span">Its name as written.</param>
internal sealed record BlockRelation(string Alias, Table? Table, TextSpan Span)
{
    /// <summary>The view that it is; null where it is none.</summary>
    public View? View { get; init; }

    /// <summary>An item of FROM that is no join, with its columns under their own names.</summary>
    public bool IsByItself { get; init; }

    /// <summary>A list of columns gives them other names: what a condition calls the tenancy column may be another one.</summary>
    public bool IsRenamed { get; init; }
}

/// <summary>One SELECT, UPDATE or DELETE: its relations, and the conditions that hold for every row that it yields or touches.</summary>
internal sealed class QueryBlock(ICatalog catalog, QueryBlock? outer, HashSet<string> withNames, WithClause? with)
{
    private readonly List<Expression> _conditions = [];
    private readonly List<TableReference> _items = [];
    private readonly QueryBlock? _outer = outer;
    private readonly int _level = outer is null ? 0 : outer._level + 1;

    public List<BlockRelation> Relations { get; } = [];

    /// <summary>The statement or query that the block is.</summary>
    public required SqlNode Owner { get; init; }

    /// <summary>What a column of the block may be bound to: values in the block and in those around it.</summary>
    public IReadOnlyList<Expression> ValuesFor(string column)
    {
        if (_outer is null)
            return ComparedValues.In(Owner, column);
        var values = new List<Expression>(ComparedValues.In(Owner, column));
        foreach (var value in _outer.ValuesFor(column))
        {
            if (!values.Contains(value))
                values.Add(value);
        }
        return values;
    }

    /// <summary>The block that is around all others.</summary>
    public QueryBlock Root => _outer is null ? this : _outer.Root;

    /// <summary>Nothing is asked of the rows: the block is one relation, without a condition.</summary>
    public bool IsWholeRelation => _outer is null && _conditions.Count == 0 && _items is [NamedTable];

    public void Require(Expression? condition)
    {
        if (condition is not null)
            _conditions.Add(condition);
    }

    public void Add(TableReference item)
    {
        _items.Add(item);
        AddRelations(item, isJoined: false);
    }

    private void AddRelations(TableReference item, bool isJoined)
    {
        switch (item)
        {
            case NamedTable table:
            {
                var isRenamed = table.Alias is not (null or { Columns.Length: 0, Definitions.Length: 0 });
                var isWith = table.Name.Schema is null && withNames.Contains(table.Name.Name.Text);
                var relation = isWith ? null : catalog.FindRelation(table.Name);
                var view = relation as View;
                Relations.Add(new(JoinCases.AliasOf(table), view is null ? relation as Table : ShownRows.AsTable(view), table.Name.Span)
                {
                    View = view,
                    IsByItself = !isJoined && !isRenamed,
                    IsRenamed = isRenamed,
                });
                break;
            }
            case JoinedTable join:
                AddRelations(join.Left, isJoined: true);
                AddRelations(join.Right, isJoined: true);
                break;
            default:
                Relations.Add(new(JoinCases.AliasOf(item), null, item.Span));
                break;
        }
    }

    /// <summary>
    /// Whether WHERE demands in so many words that a column of a relation equals a parameter: most statements do, and then nothing is left to decide.
    /// Where a join or a list of columns may give the name another meaning, the prover says what it means.
    /// </summary>
    /// <param name="relation">The relation.</param>
    /// <param name="column">Its tenancy column.</param>
    public bool Demands(BlockRelation relation, string column)
    {
        if (!relation.IsByItself)
            return false;
        foreach (var condition in _conditions)
        {
            foreach (var conjunct in condition is LogicalExpression { Operator: LogicalOperator.And } and ? and.Operands : [condition])
            {
                if (conjunct is not OperatorExpression { IsOperatorSyntax: false } comparison || comparison.Operator.Name != "=")
                    continue;
                if ((comparison.Right is ParameterReference && IsColumn(comparison.Left, relation, column)) || (comparison.Left is ParameterReference && IsColumn(comparison.Right, relation, column)))
                    return true;
            }
        }
        return false;
    }

    private bool IsColumn(Expression? expression, BlockRelation relation, string column) =>
        expression is ColumnReference { IsStar: false } reference && reference.Name.Name == column
        && (reference.Name.PartCount == 1 ? Relations.Count == 1 : reference.Name.PartCount == 2 && reference.Name.Qualifier == relation.Alias);

    /// <summary>Whether one of the goals is true of every row that the block yields of a relation.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="column">Its tenancy column.</param>
    /// <param name="goals">Conditions over the relation's alias.</param>
    /// <param name="steps">Bound of the search.</param>
    /// <param name="cancellation">Stops it.</param>
    public Verdict Decide(BlockRelation relation, string column, IReadOnlyList<Expression> goals, int steps, CancellationToken cancellation)
    {
        Verdict result = new Verdict.Proven([]);
        if (Chains() is not { } chains)
            return new Verdict.Unknown(UnknownReason.Budget, "too many outer joins");
        foreach (var chain in chains)
        {
            // A relation that may be missing shows rows only where its join has matched.
            var own = chain[chain.Count - 1];
            if (own.Missing.Contains(relation.Alias))
                continue;
            var selects = Selects(chain, relation, column);
            var verdict = new Prover(new(catalog, NoPolicies.Instance), steps, cancellation).DecideRows(selects, goals, relation.Table!);
            if (verdict is Verdict.Unknown)
                return verdict;
            if (verdict is Verdict.Refuted)
                result = chain.Exists(static item => item.IsIncomplete) || IsBoundToUnread(relation.Alias, column, own) ? new Verdict.Unknown(UnknownReason.UnsupportedSyntax, "not all of FROM could be read") : verdict;
        }
        return result;
    }

    // Every way in which outer joins match, in this block and those around it, the outermost first.
    private List<List<JoinCase>>? Chains()
    {
        List<List<JoinCase>> chains = [[]];
        if (_outer is not null)
        {
            if (_outer.Chains() is not { } around)
                return null;
            chains = around;
        }
        List<JoinCase> cases = [new([], [], [], false)];
        var joins = new JoinCases(catalog, With());
        foreach (var item in _items)
        {
            if (joins.Of(item) is not { } next || (cases = JoinCases.Product(cases, next)).Count > JoinCases.Most)
                return null;
        }
        var result = new List<List<JoinCase>>();
        foreach (var chain in chains)
        {
            foreach (var own in cases)
                result.Add([.. chain, own]);
        }
        return result.Count > JoinCases.Most ? null : result;
    }

    private List<CommonTableExpression> With()
    {
        List<CommonTableExpression> known = Clause is null ? [] : [.. Clause.Tables];
        if (_outer is not null)
            known.AddRange(_outer.With());
        return known;
    }

    // The blocks from the outermost in: what FROM has in this case, and what must hold.
    private List<SelectQuery> Selects(List<JoinCase> chain, BlockRelation judged, string key)
    {
        var blocks = new List<QueryBlock>();
        for (var block = this; block is not null; block = block._outer)
            blocks.Insert(0, block);
        var all = new List<Expression>();
        var counts = new List<int>();
        for (var i = 0; i < blocks.Count; i++)
        {
            var before = all.Count;
            foreach (var condition in blocks[i]._conditions)
            {
                foreach (var conjunct in condition is LogicalExpression { Operator: LogicalOperator.And } and ? and.Operands : [condition])
                {
                    // A condition does not bind the rows of the subquery inside of it.
                    if (ReferenceEquals(blocks[i], this) || conjunct.Start > Owner.Start || conjunct.End < Owner.End)
                        all.Add(conjunct);
                }
            }
            all.AddRange(chain[i].Conditions);
            counts.Add(all.Count - before);
        }
        var replaced = FreeConditions.Replace(all, column => Name(column, chain, judged), key);
        var selects = new List<SelectQuery>();
        var next = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            var own = new Expression[counts[i]];
            Array.Copy(replaced, next, own, 0, own.Length);
            next += own.Length;
            selects.Add(new SelectQuery { With = blocks[i].Clause, From = [.. chain[i].Items], Where = Conjunction(own) });
        }
        return selects;
    }

    private WithClause? Clause { get; } = with;

    public static Expression? Conjunction(Expression[] conditions) => conditions.Length switch
    {
        0 => null,
        1 => conditions[0],
        _ => new LogicalExpression { Operator = LogicalOperator.And, Operands = conditions },
    };

    // A name of a column of a row that is there; null where it may be missing or is none of a table's.
    private string? Name(ColumnReference column, List<JoinCase> chain, BlockRelation judged)
    {
        if (column.IsStar)
            return null;
        var name = column.Name.Name.Text;
        for (var block = this; block is not null; block = block._outer)
        {
            foreach (var relation in block.Relations)
            {
                if (column.Name.Qualifier.IsEmpty
                    ? relation.Table?.FindColumn(name) is not null || (block.Relations.Count == 1 && relation.Table?.AreColumnsKnown != true)
                    : column.Name.Qualifier == relation.Alias)
                    return chain[block._level].Missing.Contains(relation.Alias) || (relation.Table is null && !ReferenceEquals(relation, judged)) ? null : block._level + "." + relation.Alias + "." + name;
            }
        }
        return null;
    }

    // The tenancy column is compared with a relation whose rows are not known: that may be what binds it.
    private bool IsBoundToUnread(string alias, string column, JoinCase combination)
    {
        foreach (var item in combination.Items)
        {
            if (item is not NamedTable { Name: { Schema: null } name } || !name.Name.Text.StartsWith("?", StringComparison.Ordinal))
                continue;
            foreach (var condition in (Expression[])[.. _conditions, .. combination.Conditions])
            {
                if (Mentions.Of(condition, JoinCases.AliasOf(item), null) && Mentions.Of(condition, alias, column))
                    return true;
            }
        }
        return false;
    }

    private sealed class Mentions(string alias, string? column) : SqlVisitor
    {
        private bool _found;

        public static bool Of(Expression condition, string alias, string? column)
        {
            var search = new Mentions(alias, column);
            search.Visit(condition);
            return search._found;
        }

        public override void VisitColumnReference(ColumnReference node) =>
            _found |= (node.Name.Qualifier.IsEmpty || node.Name.Qualifier == alias) && (column is null || node.Name.Name == column);
    }
}

using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Goes through a statement block by block and judges each occurrence of a tenant table by the conditions that hold for it.</summary>
internal sealed class QueryWalk(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation, int depth = 0) : SqlVisitor
{
    // Views of views; such as read each other have no rows.
    private const int MostViews = 8;

    private readonly HashSet<string> _withNames = new(StringComparer.Ordinal);
    private QueryBlock? _block;

    // Rows of a derived table may be filtered outside: there a missing condition inside proves nothing where anything of the tenancy column comes out.
    private readonly Stack<QueryStatement> _derived = new();
    private readonly List<int> _hidden = [];

    public List<TenantOccurrence> Occurrences { get; } = [];

    /// <summary>What is judged once all occurrences are known: a join with the same table, filtered, may filter the rows of a derived one.</summary>
    public void Finish()
    {
        foreach (var index in _hidden)
        {
            var hidden = Occurrences[index];
            if (Occurrences.Exists(other => !ReferenceEquals(other, hidden) && other.Table.Id == hidden.Table.Id))
                Occurrences[index] = hidden with { Verdict = FilteredOutside() };
        }
    }

    public override void VisitWithClause(WithClause node)
    {
        foreach (var table in node.Tables)
        {
            // Without RECURSIVE a query's own name still means the table inside of it.
            if (node.IsRecursive)
                _withNames.Add(table.Name.Text);
            if (table.Query is QueryStatement query)
                VisitDerived(query);
            else
                Visit(table.Query);
            _withNames.Add(table.Name.Text);
        }
    }

    public override void VisitSelectQuery(SelectQuery node)
    {
        Visit(node.With);
        var block = new QueryBlock(catalog, _block, _withNames, node.With) { Owner = node };
        foreach (var item in node.From)
            block.Add(item);
        block.Require(node.Where);
        JudgeAll(block, OccurrenceKind.Read);
        Inside(block, () =>
        {
            VisitAll(node.DistinctOn);
            VisitAll(node.Targets);
            VisitFrom(node.From);
            Visit(node.Where);
            Visit(node.GroupBy);
            Visit(node.Having);
            VisitAll(node.OrderBy);
            Visit(node.Limit);
        });
    }

    public override void VisitUpdateStatement(UpdateStatement node)
    {
        Visit(node.With);
        var block = new QueryBlock(catalog, _block, _withNames, node.With) { Owner = node };
        block.Add(node.Table);
        foreach (var item in node.From)
            block.Add(item);
        block.Require(node.Where);
        JudgeWrite(block, OccurrenceKind.Update, node.Assignments);
        Inside(block, () =>
        {
            VisitAll(node.Assignments);
            VisitFrom(node.From);
            Visit(node.Where);
        });
    }

    public override void VisitDeleteStatement(DeleteStatement node)
    {
        Visit(node.With);
        var block = new QueryBlock(catalog, _block, _withNames, node.With) { Owner = node };
        block.Add(node.Table);
        foreach (var item in node.Using)
            block.Add(item);
        block.Require(node.Where);
        JudgeWrite(block, OccurrenceKind.Delete, []);
        Inside(block, () =>
        {
            VisitFrom(node.Using);
            Visit(node.Where);
        });
    }

    public override void VisitMergeStatement(MergeStatement node)
    {
        Visit(node.With);
        // Rows that are not matched are touched without ON: those of the table by WHEN NOT MATCHED BY SOURCE, those of the source by the other.
        var target = BlockOf(node, ReachOf(node, MergeMatch.NotMatchedBySource));
        Judge(target, target.Relations[0], OccurrenceKind.Merge, []);
        var source = BlockOf(node, ReachOf(node, MergeMatch.NotMatchedByTarget));
        for (var i = 1; i < source.Relations.Count; i++)
            Judge(source, source.Relations[i], OccurrenceKind.Read, []);
        Inside(source, () => VisitFrom([node.Source]));
        var matched = BlockOf(node, node.On);
        Inside(matched, () => Visit(node.On));
        foreach (var clause in node.Clauses)
            Inside(clause.Match == MergeMatch.Matched ? matched : BlockOf(node, clause.Condition), () => Visit(clause));
    }

    private QueryBlock BlockOf(MergeStatement node, Expression? condition)
    {
        var block = new QueryBlock(catalog, _block, _withNames, node.With) { Owner = node };
        block.Add(node.Table);
        block.Add(node.Source);
        block.Require(condition);
        return block;
    }

    // What holds for every row that is matched or that such clauses take; null: nothing.
    private static Expression? ReachOf(MergeStatement node, MergeMatch unmatched)
    {
        var ways = new List<Expression> { node.On };
        foreach (var clause in node.Clauses)
        {
            if (clause.Match != unmatched || clause.Operation == MergeOperation.DoNothing)
                continue;
            if (clause.Condition is null)
                return null;
            ways.Add(clause.Condition);
        }
        return ways.Count == 1 ? node.On : new LogicalExpression { Operator = LogicalOperator.Or, Operands = [.. ways] };
    }

    public override void VisitInsertStatement(InsertStatement node)
    {
        Visit(node.With);
        Visit(node.Source);
        Visit(node.OnConflict);
        if (catalog.FindTable(node.Table) is not { } table || !tenancy.IsTenantTable(table))
            return;
        var keys = tenancy.KeysOf(table);
        if (keys.Count == 0)
            return;
        foreach (var key in keys)
        {
            if (Writes(node, table, key.Column) is not false)
            {
                Occurrences.Add(new(table, node.Table.Span, OccurrenceKind.Insert, key, new Verdict.Proven([]), [], null));
                return;
            }
        }
        var row = new WitnessRow(table.Id.Name, new Dictionary<string, string> { [keys[0].Column.Name] = "NULL" });
        Occurrences.Add(new(table, node.Table.Span, OccurrenceKind.Insert, keys[0], new Verdict.Refuted(new(new Dictionary<string, string>(), [row], [])), [], null));
    }

    // Null: not known.
    private static bool? Writes(InsertStatement insert, Table table, Column column)
    {
        if (column.Default is { } value && SessionTerms.Contains(value.Tree))
            return true;
        foreach (var target in insert.Columns)
        {
            if (target.Column == column.Name)
                return true;
        }
        foreach (var trigger in table.Triggers)
        {
            if (trigger.OnInsert && trigger.Timing == TriggerTiming.Before)
                return null;
        }
        if (insert.Columns.Length > 0)
            return false;
        if (insert.Source is null)
            return false;
        if (!table.AreColumnsKnown || insert.Source is not ValuesQuery { Rows.Length: > 0 } values)
            return null;
        var row = values.Rows[0];
        for (var i = 0; i < table.Columns.Count && i < row.Items.Length; i++)
        {
            if (table.Columns[i].Name == column.Name)
                return true;
        }
        return false;
    }

    private void JudgeWrite(QueryBlock block, OccurrenceKind kind, Assignment[] assignments)
    {
        foreach (var relation in block.Relations)
        {
            if (!ReferenceEquals(relation, block.Relations[0]))
                Judge(block, relation, OccurrenceKind.Read, []);
            else
                Judge(block, relation, kind, assignments);
        }
    }

    private void JudgeAll(QueryBlock block, OccurrenceKind kind)
    {
        foreach (var relation in block.Relations)
            Judge(block, relation, kind, []);
    }

    private void Judge(QueryBlock block, BlockRelation relation, OccurrenceKind kind, Assignment[] assignments)
    {
        if (relation.View is { } view)
        {
            JudgeView(block, relation, view, kind);
            return;
        }
        if (relation.Table is not { } table || !tenancy.IsTenantTable(table))
            return;
        var keys = tenancy.KeysOf(table);
        if (keys.Count == 0)
            return;
        var (verdict, key, values) = relation.IsRenamed ? Renamed(keys[0]) : DecideByKeys(block, relation, keys)!.Value;
        Occurrences.Add(new(table, relation.Span, kind, key, Hidden(verdict, keys, relation), values, AssignmentOf(assignments, key.Column.Name)));
    }

    // A view shows rows of its tables: each is judged as the view's reader meets it.
    private void JudgeView(QueryBlock block, BlockRelation relation, View view, OccurrenceKind kind)
    {
        if (view.IsForeignOwned || view.IsAssumed || view.IsAccessTainted || view.Query is null || depth == MostViews || !tenancy.IsExposed(view))
            return;
        var walk = new QueryWalk(catalog, tenancy, limits, cancellation, depth + 1);
        walk.Visit(view.Query.Tree);
        walk.Finish();
        foreach (var shown in ShownRows.Of(view, catalog, tenancy, walk.Occurrences))
        {
            var (verdict, key, values) = (shown.Verdict, shown.Key, (IReadOnlyList<Expression>)[]);
            if (verdict is Verdict.Refuted && kind != OccurrenceKind.Read)
                verdict = NotFollowed($"what is written through the view {view.Id} is not followed");
            else if (verdict is Verdict.Refuted && !block.IsWholeRelation)
                (verdict, key, values) = relation.IsRenamed ? Renamed(key) : DecideByKeys(block, relation, shown.Keys) ?? (NotFollowed($"the view {view.Id} does not show whose its rows are"), key, values);
            if (verdict is Verdict.Refuted && shown.Doubt is { } doubt)
                verdict = NotFollowed(doubt);
            Occurrences.Add(new(shown.Table, relation.Span, kind, key, Hidden(verdict, shown.Keys, relation), values, null));
        }
    }

    // The key that is demanded; refuted only where every key is: an unknown one may be the one that filters. Null: there is none.
    private (Verdict Verdict, TenantKey Key, IReadOnlyList<Expression> Values)? DecideByKeys(QueryBlock block, BlockRelation relation, IReadOnlyList<TenantKey> keys)
    {
        Verdict? refuted = null, unknown = null;
        IReadOnlyList<Expression> values = [];
        foreach (var key in keys)
        {
            values = block.ValuesFor(key.Column.Name);
            var verdict = block.Demands(relation, key.Column.Name)
                ? new Verdict.Proven([])
                : block.Decide(relation, key.Column.Name, new TenancyGoals(catalog, tenancy, block, relation).Of(key, values), limits.ProverSteps, cancellation);
            if (verdict is Verdict.Proven)
                return (verdict, key, values);
            if (verdict is Verdict.Refuted)
                refuted ??= verdict;
            else
                unknown ??= verdict;
        }
        return (unknown ?? refuted) is { } result ? (result, keys[0], values) : null;
    }

    private static (Verdict, TenantKey, IReadOnlyList<Expression>) Renamed(TenantKey key) =>
        (NotFollowed("a list of columns gives them other names"), key, []);

    // To be added next.
    private Verdict Hidden(Verdict verdict, IReadOnlyList<TenantKey> keys, BlockRelation relation)
    {
        if (verdict is not Verdict.Refuted || _derived.Count == 0)
            return verdict;
        foreach (var key in keys)
        {
            if (MentionsColumn.Of(_derived.Peek(), key.Column.Name, relation.Alias))
                return FilteredOutside();
        }
        _hidden.Add(Occurrences.Count);
        return verdict;
    }

    private static TextSpan? AssignmentOf(Assignment[] assignments, string column)
    {
        foreach (var assignment in assignments)
        {
            foreach (var target in assignment.Targets)
            {
                if (target.Column == column)
                    return assignment.Span;
            }
        }
        return null;
    }

    private void VisitFrom(TableReference[] items)
    {
        foreach (var item in items)
        {
            switch (item)
            {
                case JoinedTable join:
                    VisitFrom([join.Left, join.Right]);
                    Visit(join.On);
                    break;
                case DerivedTable derived:
                    VisitDerived(derived.Query);
                    break;
                default:
                    Visit(item);
                    break;
            }
        }
    }

    private void VisitDerived(QueryStatement query)
    {
        _derived.Push(query);
        Visit(query);
        _derived.Pop();
    }

    private static Verdict FilteredOutside() => NotFollowed("the rows of a derived table may be filtered outside of it");

    private static Verdict.Unknown NotFollowed(string what) => new(UnknownReason.UnsupportedSyntax, what);

    private void Inside(QueryBlock block, Action visit)
    {
        var outer = _block;
        _block = block;
        visit();
        _block = outer;
    }

    // The column itself, a star, or the whole row.
    private sealed class MentionsColumn(string column, string alias) : SqlVisitor
    {
        private bool _found;

        public static bool Of(SqlNode node, string column, string alias)
        {
            var search = new MentionsColumn(column, alias);
            search.Visit(node);
            return search._found;
        }

        public override void VisitColumnReference(ColumnReference node) => _found |= node.IsStar || node.Name.Name == column || node.Name.Name == alias;

        public override void VisitJoinedTable(JoinedTable node)
        {
            _found |= node.IsNatural || Array.Exists(node.Using, name => name == column);
            base.VisitJoinedTable(node);
        }
    }
}

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>A relation of a block's FROM.</summary>
/// <param name="Alias">The name by which columns are qualified.</param>
/// <param name="Table">The table; null where it is none that is known.</param>
/// <param name="Span">Its name as written.</param>
/// <param name="OuterJoin">The outer join that may leave its columns NULL; 0 for none.</param>
internal sealed record BlockRelation(string Alias, Table? Table, TextSpan Span, int OuterJoin);

/// <summary>One SELECT, UPDATE or DELETE: its relations, and the conditions that hold for every row that it yields or touches.</summary>
internal sealed class QueryBlock(ICatalog catalog, QueryBlock? outer, HashSet<string> withNames) : IColumnScope
{
    private const int MostOuterJoins = 4;

    private readonly List<Expression> _conditions = [];
    private readonly Dictionary<int, Expression> _outerConditions = [];
    private bool _isIncomplete;
    private int _outerJoins;
    private int _matched;

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

    public void Require(Expression? condition)
    {
        if (condition is not null)
            _conditions.Add(condition);
    }

    public void Add(TableReference item, bool isNullable, int outerJoin = 0)
    {
        switch (item)
        {
            case NamedTable table:
            {
                var isWith = table.Name.Schema is null && withNames.Contains(table.Name.Name.Text);
                var alias = table.Alias is { } given ? given.Name : table.Name.Name;
                Relations.Add(new(alias.Text, isWith ? null : catalog.FindTable(table.Name), table.Name.Span, outerJoin));
                break;
            }
            case JoinedTable join:
                AddJoin(join, isNullable, outerJoin);
                break;
            default:
                Relations.Add(new(item.Alias?.Name.Text ?? "", null, item.Span, outerJoin));
                break;
        }
    }

    private void AddJoin(JoinedTable join, bool isNullable, int outerJoin)
    {
        // USING and NATURAL join by columns whose owners are not looked up here.
        _isIncomplete |= join.Using.Length > 0 || join.IsNatural;
        switch (join.Kind)
        {
            case JoinKind.Inner or JoinKind.Cross:
                Add(join.Left, isNullable, outerJoin);
                Add(join.Right, isNullable, outerJoin);
                if (outerJoin == 0)
                    Require(join.On);
                else if (join.On is not null)
                    _isIncomplete = true;
                break;
            case JoinKind.Left or JoinKind.Right:
            {
                var number = ++_outerJoins;
                _isIncomplete |= outerJoin != 0 || number > MostOuterJoins;
                Add(join.Kind == JoinKind.Left ? join.Left : join.Right, isNullable, outerJoin);
                Add(join.Kind == JoinKind.Left ? join.Right : join.Left, isNullable: true, number);
                if (join.On is not null)
                    _outerConditions[number] = join.On;
                break;
            }
            default:
                // Either side may be missing; ON holds only where neither is, and is not used.
                Add(join.Left, isNullable: true, ++_outerJoins);
                Add(join.Right, isNullable: true, ++_outerJoins);
                _isIncomplete = true;
                break;
        }
    }

    /// <summary>Whether the tenancy column of a relation equals one of the values in every row that the block yields.</summary>
    public Verdict Decide(BlockRelation relation, string column, IReadOnlyList<Expression> values, int steps, CancellationToken cancellation)
    {
        // Every outer join has matched or not; a relation that may be missing shows rows only where its join has matched.
        Verdict result = new Verdict.Proven([]);
        var joins = Math.Min(_outerJoins, MostOuterJoins);
        for (var combination = 0; combination < 1 << joins; combination++)
        {
            if (relation.OuterJoin > 0 && (combination & (1 << (relation.OuterJoin - 1))) == 0)
                continue;
            var answer = DecideCase(relation, column, values, combination, steps, cancellation);
            if (answer.Kind == EntailmentKind.Unknown)
                return Verdicts.Of(answer, relation.Alias);
            if (answer.Kind == EntailmentKind.Refuted)
                result = _isIncomplete ? new Verdict.Unknown(UnknownReason.OuterJoin, "not all join conditions could be read") : Verdicts.Of(answer, relation.Alias);
        }
        return result;
    }

    private EntailmentAnswer DecideCase(
        BlockRelation relation, string column, IReadOnlyList<Expression> values, int matched, int steps, CancellationToken cancellation)
    {
        // Where its join has matched, a row is there, and its NOT NULL columns are not NULL.
        _matched = matched;
        var builder = NewBuilder();
        var key = ColumnTerm(relation, column);
        var premise = new List<Formula>();
        var missing = new List<string>();
        for (var block = this; block is not null; block = block._outer)
        {
            // Names of an outer block's conditions mean what they mean there.
            var around = ReferenceEquals(block, this) ? builder : block.NewBuilder();
            foreach (var condition in block._conditions)
            {
                foreach (var conjunct in condition is LogicalExpression { Operator: LogicalOperator.And } and ? and.Operands : [condition])
                {
                    // A condition does not bind the rows of the subquery inside of it.
                    if (ReferenceEquals(block, this) || conjunct.Start > Owner.Start || conjunct.End < Owner.End)
                        premise.Add(around.Build(conjunct));
                }
            }
        }
        for (var join = 1; join <= _outerJoins && join <= MostOuterJoins; join++)
        {
            if ((matched & (1 << (join - 1))) != 0)
            {
                if (_outerConditions.TryGetValue(join, out var on))
                    premise.Add(builder.Build(on));
                continue;
            }
            foreach (var other in Relations)
            {
                if (other.OuterJoin == join)
                    missing.Add(other.Alias);
            }
        }
        // `= ANY (@ids)` binds the column to a list; it is part of the goal where the conditions have it.
        var goals = new List<Formula>();
        foreach (var value in values)
        {
            var term = builder.TermOf(value);
            goals.Add(new Formula.Equal(key, term));
            var element = FormulaBuilder.ElementOf(key, term);
            if (premise.Exists(condition => FormulaBuilder.Mentions(condition, element)))
                goals.Add(element);
        }
        return EntailmentSearch.Decide(new Formula.And(premise), new Formula.Or(goals), missing, steps, cancellation);
    }

    private readonly QueryBlock? _outer = outer;

    public Term Resolve(ColumnReference column)
    {
        var name = column.Name.Name.Text;
        for (var block = this; block is not null; block = block._outer)
        {
            foreach (var relation in block.Relations)
            {
                if (column.Name.Qualifier.IsEmpty
                    ? relation.Table?.FindColumn(name) is not null || (block.Relations.Count == 1 && relation.Table?.AreColumnsKnown != true)
                    : column.Name.Qualifier == relation.Alias)
                    return block.ColumnTerm(relation, name);
            }
        }
        return new(Place + column.Name, TermKind.Opaque, IsNotNull: false);
    }

    // Blocks in each other may use one alias for two relations.
    private readonly int _level = outer is null ? 0 : outer._level + 1;

    private string Place => new('^', _level);

    private FormulaBuilder NewBuilder() => new(this, Place);

    private string KeyOf(BlockRelation relation) => relation.Alias + Place;

    public bool MayBeTied(QueryStatement query)
    {
        var tables = new List<Table>();
        foreach (var relation in Relations)
        {
            if (relation.Table is not null)
                tables.Add(relation.Table);
        }
        return TiedTables.May(catalog, tables, query);
    }

    private Term ColumnTerm(BlockRelation relation, string name)
    {
        var known = relation.Table?.FindColumn(name);
        var isThere = relation.OuterJoin == 0 || (_matched & (1 << (relation.OuterJoin - 1))) != 0;
        return new(KeyOf(relation) + "." + name, TermKind.Column, isThere && known is not null && known.IsNotNull.Value && known.IsNotNull.IsKnown);
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A query of EF Core as a statement in SQL that has its tables, joins and conditions, for the judge of statements.</summary>
internal sealed class QuerySql
{
    private readonly JudgedDatabase _database;
    private readonly IReadOnlyList<EntityType> _tables;
    private readonly PredicateSql _conditions;
    private readonly int[] _starts;
    private string _from = "";
    private string _where = "";
    private string? _undecided;

    public QuerySql(JudgedDatabase database, IReadOnlyList<EntityType> tables)
    {
        (_database, _tables, _conditions) = (database, tables, new(tables));
        _starts = new int[tables.Count];
    }

    /// <summary>A single table with conditions on its rows.</summary>
    public void From(IReadOnlyList<IAnonymousFunctionOperation> predicates)
    {
        do
        {
            _from = "SELECT 1 FROM ";
            _from += Name(0);
            _where = Conjunction([.. predicates.Select(predicate => _conditions.Translate(predicate, new RowShape.Row(0)))]);
        }
        while (_conditions.StartsAgain());
    }

    /// <summary>All tables of a query.</summary>
    public void From(EntityQuery query)
    {
        do
        {
            _from = "SELECT 1 FROM ";
            _where = Conjunction(Add(query, query));
        }
        while (_conditions.StartsAgain());
    }

    // Writes the tables of a query, which may be a part of the whole. What must hold for its elements is given back: it stands in WHERE, or where it is joined.
    private List<string> Add(EntityQuery query, EntityQuery whole)
    {
        _from += Name(query.First);
        List<string> conditions = [.. query.Predicates.Select(predicate => _conditions.Translate(predicate, new RowShape.Row(query.First)))];
        if (query.Entity.IsTenant && whole.Table(query.First).IsFilteredByModel == true)
            conditions.Add(Filtered(query.First, query.Root));
        foreach (var join in query.Joins)
            Join(join, query, whole);
        foreach (var (lambda, element) in query.Conditions)
            conditions.Add(_conditions.Translate(lambda, element));
        return conditions;
    }

    private void Join(EntityJoin join, EntityQuery query, EntityQuery whole)
    {
        if (join.Source is { } source)
            _conditions.Bind(source, join.Outer);
        var before = _from;
        _from += join.IsLeft ? " LEFT JOIN " : " JOIN ";
        var isNested = !join.Inner.Joins.IsEmpty;
        if (isNested)
            _from += "(";
        var conditions = Add(join.Inner, whole);
        if (isNested)
            _from += ")";
        var pairs = join.Pairs();
        if (pairs is null)
            _undecided ??= "what it is joined on can't be read";
        else
            conditions.InsertRange(0, pairs.Select(pair => Pair(join, pair)));
        var isKnown = join.Inner.Tables().All(table => whole.Table(table.First).IsFilteredByModel is not null) && (!query.Entity.IsTenant || whole.Table(query.First).IsFilteredByModel is not null);
        if (!isKnown && pairs?.Any(pair => EntityQueries.MentionsKey(pair.Outer, whole) || EntityQueries.MentionsKey(pair.Inner, whole)) != false)
            _undecided ??= "a filter of what it is joined with is not known";
        if (!isNested && join.Inner.Entity.Table is null)
            _from = before;
        else
            _from += " ON " + (conditions.Count > 0 ? string.Join(" AND ", conditions) : "TRUE");
    }

    /// <summary>The answers for each table; null where it is none of tenants.</summary>
    public IReadOnlyList<EntityJudgement?> Judge(CancellationToken cancellation)
    {
        var answers = new EntityJudgement?[_tables.Count];
        var judged = _database.Read(_from + _where, cancellation);
        if (judged.Tree.Statements is not [var statement])
            return answers;
        for (var table = 0; table < answers.Length; table++)
        {
            if (!_tables[table].IsTenant || judged.Occurrences[0].FirstOrDefault(occurrence => occurrence.Span.Start == _starts[table]) is not { } occurrence)
                continue;
            var verdict = occurrence.Verdict is Verdict.Refuted && (_conditions.Undecided ?? _undecided) is { } reason
                ? new Verdict.Unknown(UnknownReason.OpaqueFunction, reason)
                : occurrence.Verdict;
            answers[table] = new(verdict, occurrence.Key, _conditions.Values, occurrence, statement);
        }
        return answers;
    }

    private string Pair(EntityJoin join, (IOperation Outer, IOperation Inner) pair)
    {
        _conditions.Bind(join.OuterKey!, join.Outer);
        _conditions.Bind(join.InnerKey!, join.Inner.Shape);
        return _conditions.Equal(pair.Outer, pair.Inner);
    }

    private static string Conjunction(IReadOnlyList<string> conditions) => conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);

    private string Filtered(int table, IOperation root) =>
        $"({PredicateSql.AliasOf(table)}.{EntityJudgement.Quote(_tables[table].Keys[0].Column.Name)} = {_conditions.Parameter(root)})";

    // At the end of what is written.
    private string Name(int table)
    {
        _starts[table] = _from.Length;
        return (_tables[table].Table is { } known ? EntityJudgement.Quote(known.Id.Schema) + "." + EntityJudgement.Quote(known.Id.Name) : "(SELECT 1)") + " AS " + PredicateSql.AliasOf(table);
    }
}

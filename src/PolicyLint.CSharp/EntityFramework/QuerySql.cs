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
    private string _from;
    private string _where = "";
    private string? _undecided;

    public QuerySql(JudgedDatabase database, IReadOnlyList<EntityType> tables)
    {
        (_database, _tables, _conditions) = (database, tables, new(tables));
        _starts = new int[tables.Count];
        _from = "SELECT 1 FROM ";
        _from += Name(0);
    }

    /// <summary>A condition on elements of a shape.</summary>
    public void Where(IAnonymousFunctionOperation lambda, RowShape element) => Where(_conditions.Translate(lambda, element));

    /// <summary>The query's own table has the tenancy condition by its model.</summary>
    public void WhereFiltered(IOperation root) => Where(Filtered(0, root));

    /// <summary>Joins a table of the query.</summary>
    public void Join(EntityQuery query, int table)
    {
        var join = query.Joins[table - 1];
        var on = "";
        if (join.Pairs() is not { } pairs)
            _undecided ??= "what it is joined on can't be read";
        else
            on = string.Join(" AND ", pairs.Select(pair => Pair(join, table, pair)));
        if (join.Source is { } source)
            _conditions.Bind(source, join.Outer);
        foreach (var predicate in join.Inner.Predicates)
            on += (on.Length > 0 ? " AND " : "") + _conditions.Translate(predicate, new RowShape.Row(table));
        var isFiltered = query.Table(table).IsFilteredByModel;
        if (isFiltered == true && _tables[table].IsTenant)
            on += (on.Length > 0 ? " AND " : "") + Filtered(table, join.Inner.Root);
        else if (isFiltered is null || query.IsFilteredByModel is null && query.Entity.IsTenant)
            _undecided ??= join.Pairs()?.Any(pair => EntityQueries.MentionsKey(pair.Outer, query) || EntityQueries.MentionsKey(pair.Inner, query)) == false ? null : "a filter of what it is joined with is not known";
        if (_tables[table].Table is null)
            return;
        _from += join.IsLeft ? " LEFT JOIN " : " JOIN ";
        _from += Name(table) + " ON " + (on.Length > 0 ? on : "TRUE");
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

    private string Pair(EntityJoin join, int table, (IOperation Outer, IOperation Inner) pair)
    {
        _conditions.Bind(join.OuterKey!, join.Outer);
        _conditions.Bind(join.InnerKey!, new RowShape.Row(table));
        return _conditions.Equal(pair.Outer, pair.Inner);
    }

    private void Where(string condition) => _where += (_where.Length == 0 ? " WHERE " : " AND ") + condition;

    private string Filtered(int table, IOperation root) =>
        $"({PredicateSql.AliasOf(table)}.{EntityJudgement.Quote(_tables[table].Keys[0].Column.Name)} = {_conditions.Parameter(root)})";

    // At the end of what is written.
    private string Name(int table)
    {
        _starts[table] = _from.Length;
        return (_tables[table].Table is { } known ? EntityJudgement.Quote(known.Id.Schema) + "." + EntityJudgement.Quote(known.Id.Name) : "(SELECT 1)") + " AS " + PredicateSql.AliasOf(table);
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// The tables of a query that a key links to another of its tables: with one tenant's rows on one side there are no other tenant's on the other.
/// </summary>
internal sealed class QueryLinks
{
    private readonly EntityQuery _query;
    private readonly JudgedDatabase _database;
    private readonly List<(int Outer, int Inner, bool IsLeft)> _links = [];
    private readonly HashSet<int> _referredTo = [];
    private readonly Dictionary<ISymbol, RowShape> _bound = new(SymbolEqualityComparer.Default);

    public QueryLinks(EntityQuery query, JudgedDatabase database)
    {
        (_query, _database) = (query, database);
        AddJoins(query, keptBefore: 0);
    }

    // A row before the given table stays where nothing of the joined query fits it.
    private void AddJoins(EntityQuery query, int keptBefore)
    {
        foreach (var predicate in query.Predicates)
            AddEqualities(predicate, new RowShape.Row(query.First), keptBefore);
        foreach (var join in query.Joins)
        {
            var before = join.IsLeft ? join.Inner.First : keptBefore;
            Bind(join.OuterKey, join.Outer);
            Bind(join.InnerKey, join.Inner.Shape);
            Bind(join.Source, join.Outer);
            foreach (var (outer, inner) in join.Pairs() ?? [])
                Add(RowShape.Of(outer, _bound), RowShape.Of(inner, _bound), before);
            AddJoins(join.Inner, before);
        }
        foreach (var (lambda, element) in query.Conditions)
            AddEqualities(lambda, element, keptBefore);
    }

    /// <summary>Whether a table is led to: from one that has the condition, or, where it is joined, from the tenants' rows before it, which are judged themselves.</summary>
    public bool LeadTo(int table, IReadOnlyList<EntityJudgement?> judgements) =>
        IsReachedFrom(Enumerable.Range(0, judgements.Count).Where(other => IsFiltered(other, judgements)), table, judgements)
        || _referredTo.Contains(table)
        || _links.Exists(link => link.Inner == table && IsOfTenants(link.Outer, judgements));

    /// <summary>Whether links lead to a table from those that have one's rows. An outer join keeps the rows that nothing fits; tables of no tenant lead to everyone's rows.</summary>
    public bool IsReachedFrom(IEnumerable<int> filtered, int table, IReadOnlyList<EntityJudgement?> judgements)
    {
        var reached = new HashSet<int>(filtered);
        for (var before = -1; before < reached.Count;)
        {
            before = reached.Count;
            foreach (var (outer, inner, isLeft) in _links)
            {
                if (reached.Contains(outer) && judgements[inner] is not null)
                    reached.Add(inner);
                else if (!isLeft && reached.Contains(inner) && judgements[outer] is not null)
                    reached.Add(outer);
            }
        }
        return reached.Contains(table);
    }

    private static bool IsOfTenants(int table, IReadOnlyList<EntityJudgement?> judgements) => judgements[table] is { } judgement && !judgement.Occurrence.IsOfPrincipals;

    private bool IsFiltered(int table, IReadOnlyList<EntityJudgement?> judgements) => judgements[table] is { Verdict: not Verdict.Refuted } || _query.Table(table).IsFilteredByModel != false && _query.Table(table).Entity.IsTenant;

    private void AddEqualities(IAnonymousFunctionOperation lambda, RowShape element, int keptBefore)
    {
        Bind(lambda, element);
        foreach (var (left, right) in Equality.AllOf(lambda))
            Add(RowShape.Of(left, _bound), RowShape.Of(right, _bound), keptBefore);
    }

    private void Add(RowShape left, RowShape right, int keptBefore)
    {
        if (left is not RowShape.Column first || right is not RowShape.Column second || first.Table == second.Table)
            return;
        var isLeft = Math.Min(first.Table, second.Table) < keptBefore;
        AddReferred(first, second);
        AddReferred(second, first);
        if (NamesOne(first) && Refers(second) || NamesOne(second) && Refers(first) || RefersToTenants(first) && RefersToTenants(second) || IsOfGroup(first) && IsOfGroup(second))
            _links.Add(first.Table < second.Table ? (first.Table, second.Table, isLeft) : (second.Table, first.Table, isLeft));
    }

    // The primary key, or the tenancy key.
    private bool NamesOne(RowShape.Column column) => EntityOf(column) is var entity && (entity.IsPrimaryKey(column.Property) || entity.IsKey(column.Property));

    private bool Refers(RowShape.Column column) => NamesOne(column) || column.Property.EndsWith("Id", StringComparison.Ordinal);

    // Two rows that refer to the same kind, which is everybody's, have nothing in common.
    private bool RefersToTenants(RowShape.Column column) => EntityOf(column).RefersToTenants(column.Property);

    // What a row of no tenant refers to by its key is one's as far as that row is, and a group's members are its own.
    private void AddReferred(RowShape.Column referring, RowShape.Column referred)
    {
        if (referring.Table >= referred.Table || EntityOf(referring).IsTenant)
            return;
        if (EntityOf(referred).IsPrimaryKey(referred.Property) && !EntityOf(referring).IsWholePrimaryKey(referring.Property) && Refers(referring) || IsOfGroup(referred))
            _referredTo.Add(referred.Table);
    }

    private bool IsOfGroup(RowShape.Column column) => EntityOf(column) is { Table: { } table } entity && entity.ColumnOf(column.Property) is { } mapped && _database.Groups.IsReferredToBy(table, mapped);

    private EntityType EntityOf(RowShape.Column column) => _query.Table(column.Table).Entity;

    private void Bind(IAnonymousFunctionOperation? lambda, RowShape element)
    {
        if (lambda?.Symbol.Parameters is [var parameter, ..])
            _bound[parameter] = element;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.Flow;
using PolicyLint.CSharp.Sinks;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>What a query that EF Core puts around raw SQL does to its rows.</summary>
/// <param name="MayKeepOut">It may keep some out.</param>
/// <param name="Isolated">The table of which it keeps out all rows but those of one tenant; null where it is not certain to.</param>
internal sealed record OuterCondition(bool MayKeepOut, Table? Isolated)
{
    /// <summary>It keeps nobody's out.</summary>
    public static OuterCondition None { get; } = new(false, null);

    /// <summary>What it keeps out is not known.</summary>
    public static OuterCondition Unknown { get; } = new(true, null);
}

/// <summary>Raw SQL that EF Core puts a query around.</summary>
internal static class EntitySql
{
    /// <summary>Why a query on it is not decided by itself.</summary>
    public const string NotFollowed = "FromSql is not followed";

    /// <summary>A call of FromSql, FromSqlRaw or FromSqlInterpolated.</summary>
    public static bool IsMade(IOperation operation) => operation is IInvocationOperation { TargetMethod: { Name: "FromSql" or "FromSqlRaw" or "FromSqlInterpolated", ContainingType.Name: "RelationalQueryableExtensions" } };

    /// <summary>What a query filter, or the operators behind FromSql where they are all of the query, do.</summary>
    public static OuterCondition Around(SqlCall call, EntityModel? entities, Func<Evaluation> evaluation, JudgedDatabase database, CancellationToken cancellation)
    {
        if (!IsMade(call.Operation) || !IsFilteredOutside(call, entities))
            return OuterCondition.None;
        var outer = call.Operation;
        while (outer.Parent is IConversionOperation or IArgumentOperation || outer.Parent is IInvocationOperation around && EntityQueries.IsOperator(around) && EntityQueries.IsQueryable(around.TargetMethod.ReturnType))
            outer = outer.Parent;
        // What is kept may be narrowed elsewhere.
        if (outer is not IArgumentOperation { Value: var whole, Parent: IInvocationOperation end } || EntityRead.SourceOf(end) is null || evaluation().ValuesAt(whole.WithoutConversions()) is not [FlowValue.Query { Entities: var query }])
            return OuterCondition.Unknown;
        // The filters of a query in another are ignored with that one's, and what a compiled query captures is constant.
        query = EntityQueries.Narrow(query, end, evaluation().PredicateOf);
        if (!ReferenceEquals(query.Sql, call.Operation) || query.Undecided != NotFollowed || !query.Joins.IsEmpty || query.Shape == RowShape.Other || EntityRead.IsInsideQuery(end, out _) || CompiledQuery.Around(end) is not null)
            return OuterCondition.Unknown;
        if (query.IsFilteredByModel == true)
            return new OuterCondition(true, query.Entity.Table);
        return EntityJudgement.Of(query, database, cancellation)[0]?.Verdict switch
        {
            Verdict.Proven => new OuterCondition(true, query.Entity.Table),
            Verdict.Refuted when query.IsFilteredByModel == false => OuterCondition.None,
            _ => OuterCondition.Unknown,
        };
    }

    /// <summary>A statement gives the rows of the table as they are, so that a condition around it is one on the table.</summary>
    public static bool GivesRows(Statement statement, IReadOnlyList<TenantOccurrence> occurrences, Table table) =>
        statement is SelectQuery { With: null, Into: null, GroupBy: null, Having: null, Targets: [{ Value: ColumnReference { IsStar: true } }], From: [NamedTable { Alias: null or { Columns.Length: 0 } } named] }
        && occurrences is [{ Kind: OccurrenceKind.Read } occurrence] && occurrence.Span == named.Name.Span && occurrence.Table.Id == table.Id;

    private static bool IsFilteredOutside(SqlCall call, EntityModel? entities)
    {
        if (call.Operation is not IInvocationOperation { TargetMethod.TypeArguments: [INamedTypeSymbol type] })
            return false;
        if (entities?.Find(type) is { } entity && (entity.MayHaveOtherFilters || entity.Filters.Any(filter => filter.IsTenant != false)))
            return true;
        for (var parent = call.Operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IArgumentOperation or IConversionOperation or IAwaitOperation:
                    continue;
                case IInvocationOperation operation when EntityQueries.IsOperator(operation):
                    if (operation.Arguments.Skip(1).Any(argument => EntityQueries.LambdaOf(argument.Value) is not null))
                        return true;
                    if (!EntityQueries.IsQueryable(operation.TargetMethod.ReturnType))
                        return false;
                    continue;
                default:
                    return parent is not IInvocationOperation;
            }
        }
        return true;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.Flow;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Where the result of a query is taken, or its rows are written.</summary>
/// <param name="Query">The query with all that narrows it.</param>
/// <param name="End">The operation that takes the result.</param>
/// <param name="Judgement">What its predicates imply; null where a filter of the model keeps the rows of others out, whatever they imply.</param>
internal sealed record EntityRead(EntityQuery Query, IOperation End, EntityJudgement? Judgement)
{
    public EntityType Entity => Query.Entity;

    /// <summary>ExecuteUpdate or ExecuteDelete.</summary>
    public bool IsBulkWrite => End is IInvocationOperation { TargetMethod.Name: "ExecuteUpdate" or "ExecuteUpdateAsync" or "ExecuteDelete" or "ExecuteDeleteAsync" };

    /// <summary>The whole query, where this is a table that it joins.</summary>
    public EntityQuery Whole { get; init; } = Query;

    /// <summary>Which of its tables this is about.</summary>
    public int Table { get; init; }

    /// <summary>Its rows are brought along by Include.</summary>
    public bool IsIncluded { get; init; }

    /// <summary>A foreign key leads to it from rows of the same query that are judged themselves.</summary>
    public bool IsLedTo { get; init; }

    /// <summary>The rows are those of SQL that is a place of its own.</summary>
    public bool IsOfSql => Whole.Sql is not null && Table == 0 && !IsIncluded;

    /// <inheritdoc cref="EntityQuery.HasTenantFilter"/>
    public bool? HasTenantFilter => Query.HasTenantFilter;

    /// <inheritdoc cref="EntityQuery.IsFilteredByModel"/>
    public bool? IsFilteredByModel => Query.IsFilteredByModel;

    /// <summary>No row is given, but a number or whether there is one.</summary>
    public bool IsCounted => End is IInvocationOperation { TargetMethod.Name: "Any" or "All" or "Count" or "LongCount" };

    /// <summary>Decided: rows of other tenants are in reach.</summary>
    public bool IsOpen => Query.Undecided is null && !IsLedTo && Judgement is { Verdict: Verdict.Refuted, Occurrence: var occurrence } && (IsBulkWrite || !occurrence.IsOfPrincipals) && IsFilteredByModel == false;

    /// <summary>The DbSet where the query begins, or its end where that is in another member.</summary>
    public Location Location
    {
        get
        {
            var root = Query.Root.Syntax;
            var end = End.Syntax;
            if (ReferenceEquals(root.SyntaxTree, end.SyntaxTree) && end.Span.Contains(root.Span))
                return NameOf(root);
            return NameOf(End is IForEachLoopOperation loop ? loop.Collection.Syntax : end);
        }
    }

    /// <summary>`row.Property == value` among the conditions that must all hold.</summary>
    public IEnumerable<(string Property, IOperation Value)> Equalities()
    {
        var conditions = Query.Predicates.Select(predicate => (Lambda: predicate, Element: (RowShape)new RowShape.Row(Table))).Concat(Whole.AllConditions());
        foreach (var (lambda, element) in conditions)
        {
            if (lambda.Symbol.Parameters is not [var parameter, ..])
                continue;
            var row = new Dictionary<ISymbol, RowShape>(SymbolEqualityComparer.Default) { [parameter] = element };
            foreach (var (left, right) in Equality.AllOf(lambda))
            {
                if (RowShape.Of(left, row) is RowShape.Column first && first.Table == Table)
                    yield return (first.Property, right);
                else if (RowShape.Of(right, row) is RowShape.Column second && second.Table == Table)
                    yield return (second.Property, left);
            }
        }
    }

    /// <summary>The query whose result an operation takes; null where it takes none.</summary>
    public static IOperation? SourceOf(IOperation operation)
    {
        var source = operation switch
        {
            IInvocationOperation call when IsEnd(call) => call.Arguments[0].Value,
            IInvocationOperation { TargetMethod: { Name: "Find" or "FindAsync", ContainingType: { Name: "DbSet", ContainingNamespace.Name: "EntityFrameworkCore" } }, Instance: { } set } => set,
            IInvocationOperation { TargetMethod.ContainingType.Name: "EF" } call => CompiledQuery.SourceOf(call),
            IForEachLoopOperation { Collection: { } collection } when collection.WithoutConversions().Type is { } type && EntityQueries.IsQueryable(type) => collection,
            _ => null,
        };
        return source is null || IsInFilter(operation) ? null : source.WithoutConversions();
    }

    /// <summary>The reads that an operation is: one for each path that leads to it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="source">Its <see cref="SourceOf"/>.</param>
    /// <param name="evaluation">Follows the query.</param>
    /// <param name="entities">The model.</param>
    /// <param name="database">The catalog.</param>
    /// <param name="unread">A query among them that was not looked at; empty where there is none.</param>
    /// <param name="cancellation">Ends it.</param>
    public static IReadOnlyList<EntityRead> Of(IOperation operation, IOperation source, Evaluation evaluation, EntityModel entities, JudgedDatabase database, out string unread, CancellationToken cancellation)
    {
        unread = "";
        var reads = new List<EntityRead>();
        var isInside = IsInsideQuery(operation, out var around);
        foreach (var value in evaluation.ValuesAt(source))
        {
            if (value is FlowValue.Opaque { Reason: var reason } && RowOf(source.Type) is { } row && MayBeTenants(row, entities))
                unread = row is ITypeParameterSymbol ? $"its entity is {row.Name}, which whoever uses the type chooses" : reason;
            if (value is not FlowValue.Query { Entities: var query })
                continue;
            unread = query.Unread ?? unread;
            if (isInside && query.IsFilteredByModel != false && MayIgnoreFilters(around, evaluation))
                unread = "the query around it may ignore its filters";
            if (operation is IInvocationOperation end && IsEnd(end))
                query = EntityQueries.Narrow(query, end, evaluation.PredicateOf);
            foreach (var included in IncludedRows.Of(query, operation, entities, database))
            {
                if (EntityJudgement.Of(included, database, cancellation)[0] is { } judgement)
                    reads.Add(new(included, operation, judgement) { IsIncluded = true });
            }
            if (!query.Tables().Any(table => table.Entity.IsTenant))
                continue;
            if (query.Joins.IsEmpty && query.IsFilteredByModel == true)
            {
                reads.Add(new(query, operation, null) { Whole = query });
                continue;
            }
            var judgements = EntityJudgement.Of(query, database, cancellation);
            var links = new QueryLinks(query, database);
            for (var table = 0; table < judgements.Count; table++)
            {
                if (judgements[table] is { } judgement)
                    reads.Add(new(query.Table(table), operation, judgement) { Whole = query, Table = table, IsLedTo = links.LeadTo(table, judgements) });
            }
        }
        return CompiledQuery.Around(operation) is { } compiled ? [.. reads.Select(read => CompiledQuery.Judged(read, compiled))] : reads;
    }

    // An operator that gives no query, or one of Enumerable on a query.
    private static bool IsEnd(IInvocationOperation call)
    {
        if (call.TargetMethod is not { IsExtensionMethod: true } method || call.Arguments.Length == 0)
            return false;
        if (EntityQueries.IsOperator(call))
            return !EntityQueries.IsQueryable(method.ReturnType);
        return method.ContainingType is { Name: "Enumerable", ContainingNamespace.Name: "Linq" } && call.Arguments[0].Value.WithoutConversions().Type is { } type && EntityQueries.IsQueryable(type);
    }

    // What a filter reads is a part of the answer to whose a row is, and judged with it.
    private static bool IsInFilter(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IInvocationOperation { TargetMethod.Name: "HasQueryFilter" })
                return true;
        }
        return false;
    }

    /// <summary>In a lambda of a query; the end of the outermost is what takes all of them, where it is here.</summary>
    public static bool IsInsideQuery(IOperation operation, out IInvocationOperation? around)
    {
        around = null;
        var isInside = false;
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            isInside |= parent is IAnonymousFunctionOperation lambda && IsExpression(lambda);
            if (isInside && parent is IInvocationOperation call && (EntityQueries.IsOperator(call) || IsEnd(call)))
                around = call;
        }
        return isInside;
    }

    // Who ignores filters does so for all that stands in the query.
    private static bool MayIgnoreFilters(IInvocationOperation? around, Evaluation evaluation)
    {
        if (around is null || around.TargetMethod.Name == "IgnoreQueryFilters")
            return true;
        foreach (var value in evaluation.ValuesAt(around.Arguments[0].Value.WithoutConversions()))
        {
            if (value is not FlowValue.Query { Entities.FiltersIgnored: null })
                return true;
        }
        return false;
    }

    private static ITypeSymbol? RowOf(ITypeSymbol? queryable)
    {
        for (var type = queryable as INamedTypeSymbol; type is not null; type = type.BaseType)
        {
            if (type.TypeArguments is [INamedTypeSymbol or ITypeParameterSymbol])
                return type.TypeArguments[0];
        }
        return null;
    }

    private static bool MayBeTenants(ITypeSymbol row, EntityModel entities)
    {
        if (row is INamedTypeSymbol named)
            return entities.Find(named) is { IsTenant: true };
        foreach (var entity in entities.Entities)
        {
            if (entity.IsTenant)
                return true;
        }
        return false;
    }

    /// <summary>The lambdas of queries that it stands in, the innermost first.</summary>
    public IEnumerable<IAnonymousFunctionOperation> LambdasAround()
    {
        for (var parent = End.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation lambda && IsExpression(lambda))
                yield return lambda;
        }
    }

    /// <summary>A lambda that becomes a part of a query instead of running.</summary>
    public static bool IsExpression(IAnonymousFunctionOperation lambda)
    {
        return (Is(lambda.Parent?.Type) || Is(lambda.Parent?.Parent?.Type)) && !CompiledQuery.Is(lambda);

        static bool Is(ITypeSymbol? type) => type is { Name: "Expression", ContainingNamespace.Name: "Expressions" };
    }

    private static Location NameOf(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => access.Name.GetLocation(),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.GetLocation(),
        _ => node.GetLocation(),
    };
}

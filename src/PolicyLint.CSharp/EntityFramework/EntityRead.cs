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
/// <param name="Judgement">What its predicates imply.</param>
internal sealed record EntityRead(EntityQuery Query, IOperation End, EntityJudgement Judgement)
{
    public EntityType Entity => Query.Entity;

    /// <summary>ExecuteUpdate or ExecuteDelete.</summary>
    public bool IsBulkWrite => End is IInvocationOperation { TargetMethod.Name: "ExecuteUpdate" or "ExecuteUpdateAsync" or "ExecuteDelete" or "ExecuteDeleteAsync" };

    /// <summary>Whether a query filter of the model keeps other tenants' rows out, IgnoreQueryFilters left aside; null: not known.</summary>
    public bool? HasTenantFilter => FilterState(filter => true, Entity.MayHaveOtherFilters);

    /// <summary>The same for the filters that the query does not ignore.</summary>
    public bool? IsFilteredByModel => Query.FiltersIgnored is null
        ? HasTenantFilter
        : Query.IgnoredNames.IsEmpty ? false : FilterState(filter => filter.Name is null || !Query.IgnoredNames.Contains(filter.Name), Entity.MayHaveOtherFilters);

    /// <summary>Decided: rows of other tenants are in reach.</summary>
    public bool IsOpen => Query.Undecided is null && (IsBulkWrite || !Judgement.Occurrence.IsOfPrincipals()) && IsFilteredByModel == false && Judgement.Verdict is Verdict.Refuted;

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
        var pending = new Stack<IOperation>(Query.Predicates.Select(predicate => predicate.Body.Operations is [IReturnOperation { ReturnedValue: { } condition }] ? condition : null).OfType<IOperation>());
        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case IConversionOperation conversion:
                    pending.Push(conversion.Operand);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                    pending.Push(both.LeftOperand);
                    pending.Push(both.RightOperand);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equality when PropertyOf(equality.LeftOperand) is { } property:
                    yield return (property, equality.RightOperand.WithoutConversions());
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equality when PropertyOf(equality.RightOperand) is { } property:
                    yield return (property, equality.LeftOperand.WithoutConversions());
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Equals", IsStatic: false }, Instance: { } instance, Arguments: [var other] } when PropertyOf(instance) is { } property:
                    yield return (property, other.Value.WithoutConversions());
                    break;
            }
        }
    }

    /// <summary>The reads that an operation is: one for each path that leads to it.</summary>
    public static IReadOnlyList<EntityRead> Of(IOperation operation, Evaluation evaluation, JudgedDatabase database, CancellationToken cancellation)
    {
        var source = operation switch
        {
            IInvocationOperation call when IsEnd(call) => call.Arguments[0].Value,
            IInvocationOperation { TargetMethod: { Name: "Find" or "FindAsync", ContainingType: { Name: "DbSet", ContainingNamespace.Name: "EntityFrameworkCore" } }, Instance: { } set } => set,
            IForEachLoopOperation { Collection: { } collection } when collection.WithoutConversions().Type is { } type && EntityQueries.IsQueryable(type) => collection.WithoutConversions(),
            _ => null,
        };
        if (source is null || IsInsideQuery(operation))
            return [];
        var reads = new List<EntityRead>();
        foreach (var value in evaluation.ValuesAt(source.WithoutConversions()))
        {
            if (value is not FlowValue.Query { Entities: var query } || !query.Entity.IsTenant)
                continue;
            if (operation is IInvocationOperation end && IsEnd(end))
                query = EntityQueries.Narrow(query, end, evaluation.PredicateOf);
            if (EntityJudgement.Of(query.Entity, query.Predicates, database, cancellation) is { } judgement)
                reads.Add(new(query, operation, judgement));
        }
        return reads;
    }

    private static string? PropertyOf(IOperation operand) => operand.WithoutConversions() switch
    {
        IPropertyReferenceOperation { Property.Name: "Value", Instance: IPropertyReferenceOperation { Instance: IParameterReferenceOperation } nullable } => nullable.Property.Name,
        IPropertyReferenceOperation { Instance: IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } } } key => key.Property.Name,
        _ => null,
    };

    private bool? FilterState(Func<QueryFilter, bool> counts, bool mayHaveOthers)
    {
        var isKnown = !mayHaveOthers;
        foreach (var filter in Entity.Filters)
        {
            if (!counts(filter))
                continue;
            if (filter.IsTenant == true)
                return true;
            isKnown &= filter.IsTenant is not null;
        }
        return isKnown ? false : null;
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

    private static bool IsInsideQuery(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation && parent.Parent is IDelegateCreationOperation or IConversionOperation && IsExpression(parent.Parent.Type))
                return true;
            if (parent is IAnonymousFunctionOperation && parent.Parent?.Parent is { Type: { } outer } && IsExpression(outer))
                return true;
        }
        return false;

        static bool IsExpression(ITypeSymbol? type) => type is { Name: "Expression", ContainingNamespace.Name: "Expressions" };
    }

    private static Location NameOf(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => access.Name.GetLocation(),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.GetLocation(),
        _ => node.GetLocation(),
    };
}

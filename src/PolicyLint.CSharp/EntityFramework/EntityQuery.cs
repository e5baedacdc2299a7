using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A query of EF Core on one path: where it begins and what narrows it.</summary>
/// <param name="Entity">The entity that it reads.</param>
/// <param name="Root">The DbSet property or the call of Set.</param>
/// <param name="Predicates">The lambdas of Where, First, Any, …; all must hold.</param>
internal sealed record EntityQuery(EntityType Entity, IOperation Root, ImmutableList<IAnonymousFunctionOperation> Predicates)
{
    /// <summary>IgnoreQueryFilters, where it stands in the query.</summary>
    public IInvocationOperation? FiltersIgnored { get; init; }

    /// <summary>The filters that are ignored by their names; empty: all.</summary>
    public ImmutableArray<string> IgnoredNames { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Select, GroupBy or Join came: later lambdas are about something else.</summary>
    public bool IsProjected { get; init; }

    /// <summary>Something narrows it that can't be read; null where all is read.</summary>
    public string? Undecided { get; init; }
}

/// <summary>Reads the operators of a query.</summary>
internal static class EntityQueries
{
    private static readonly HashSet<string> Transparent = new(StringComparer.Ordinal)
    {
        "AsNoTracking", "AsNoTrackingWithIdentityResolution", "AsTracking", "AsSplitQuery", "AsSingleQuery", "AsQueryable", "Include", "ThenInclude", "IgnoreAutoIncludes",
        "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "Skip", "Take", "Distinct", "DistinctBy", "Reverse", "TagWith", "TagWithCallSite", "Cast", "OfType", "DefaultIfEmpty", "Order", "OrderDescending",
    };

    private static readonly HashSet<string> Projecting = new(StringComparer.Ordinal) { "Select", "SelectMany", "GroupBy", "GroupJoin", "Join", "LeftJoin", "RightJoin", "Zip" };

    /// <summary>IQueryable of T, or something that is one.</summary>
    public static bool IsQueryable(ITypeSymbol type)
    {
        if (IsNamed(type))
            return true;
        foreach (var implemented in type.AllInterfaces)
        {
            if (IsNamed(implemented))
                return true;
        }
        return false;

        static bool IsNamed(ITypeSymbol type) => type is INamedTypeSymbol { Name: "IQueryable", ContainingNamespace.Name: "Linq" };
    }

    /// <summary>The query that is a whole DbSet; null for anything else.</summary>
    public static EntityQuery? Root(IOperation operation, EntityModel? model)
    {
        if (model is null || operation.Type is not INamedTypeSymbol { Name: "DbSet", TypeArguments: [INamedTypeSymbol entity], ContainingNamespace.Name: "EntityFrameworkCore" })
            return null;
        var isRoot = operation switch
        {
            IPropertyReferenceOperation { Property.ContainingType: { } owner } => EntityModel.IsContext(owner),
            IInvocationOperation { TargetMethod: { Name: "Set", ContainingType: { } owner } } => EntityModel.IsContext(owner),
            _ => false,
        };
        return isRoot && model.Find(entity) is { } type ? new(type, operation, ImmutableList<IAnonymousFunctionOperation>.Empty) : null;
    }

    /// <summary>A method of Queryable or of EF Core on a query, which is its first argument.</summary>
    public static bool IsOperator(IInvocationOperation call) => call.TargetMethod is { IsExtensionMethod: true, ContainingType.Name: "Queryable" or "EntityFrameworkQueryableExtensions" or "RelationalQueryableExtensions" };

    /// <summary>The query behind an operator; a predicate that is made elsewhere is looked for by <paramref name="predicateOf"/>.</summary>
    public static Flow.FlowValue Apply(EntityQuery query, IInvocationOperation call, Func<IOperation, IAnonymousFunctionOperation?> predicateOf)
    {
        var name = call.TargetMethod.Name;
        if (name == "IgnoreQueryFilters")
            return new Flow.FlowValue.Query(Ignore(query, call));
        if (Projecting.Contains(name))
            return new Flow.FlowValue.Query(query with { IsProjected = true, Undecided = query.Undecided ?? (JoinsOnKey(query, call) ? "it is joined on its tenancy column" : null) });
        if (Transparent.Contains(name))
            return new Flow.FlowValue.Query(query);
        if (name is "Where" or "SkipWhile" or "TakeWhile")
            return new Flow.FlowValue.Query(name == "Where" ? Narrow(query, call, predicateOf) : query);
        if (name is "Concat" or "Union" or "UnionBy")
            return new Flow.FlowValue.Query(query with { Undecided = "it is part of a union" });
        return IsQueryable(call.TargetMethod.ReturnType)
            ? new Flow.FlowValue.Query(query with { Undecided = $"{name} is not followed" })
            : new Flow.FlowValue.Opaque(call, "it is a result");
    }

    /// <summary>The query with the predicate that an operator takes.</summary>
    public static EntityQuery Narrow(EntityQuery query, IInvocationOperation call, Func<IOperation, IAnonymousFunctionOperation?> predicateOf)
    {
        if (call.Arguments.Length < 2)
            return query;
        foreach (var argument in call.Arguments.Skip(1))
        {
            if ((argument.Parameter is { Name: "predicate" } ? predicateOf(argument.Value) : LambdaOf(argument.Value)) is { } lambda)
            {
                if (lambda.Symbol.ReturnType.SpecialType != SpecialType.System_Boolean)
                    continue;
                if (!query.IsProjected)
                    return query with { Predicates = query.Predicates.Add(lambda) };
                return MentionsKey(lambda, query.Entity) ? query with { Undecided = "what is projected is filtered" } : query;
            }
            if (argument.Parameter is { Name: "predicate" })
                return query with { Undecided = "its predicate is made elsewhere" };
        }
        return query;
    }

    /// <summary>The lambda that an argument is.</summary>
    public static IAnonymousFunctionOperation? LambdaOf(IOperation value)
    {
        while (value is IConversionOperation or IDelegateCreationOperation)
            value = value is IConversionOperation conversion ? conversion.Operand : ((IDelegateCreationOperation)value).Target;
        return value as IAnonymousFunctionOperation;
    }

    // What is joined may be filtered itself.
    private static bool JoinsOnKey(EntityQuery query, IInvocationOperation call) => call.Arguments.Any(argument =>
        argument.Parameter is { Name: "outerKeySelector" or "innerKeySelector" } && LambdaOf(argument.Value) is { } selector && MentionsKey(selector, query.Entity));

    private static bool MentionsKey(IAnonymousFunctionOperation lambda, EntityType entity)
    {
        foreach (var operation in lambda.Descendants())
        {
            if (operation is IPropertyReferenceOperation property && (entity.IsKey(property.Property.Name) || entity.MapsTo(property.Property.Type)))
                return true;
        }
        return false;
    }

    private static EntityQuery Ignore(EntityQuery query, IInvocationOperation call)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var argument in call.Arguments.Skip(1))
        {
            foreach (var part in argument.Value.DescendantsAndSelf())
            {
                if (part is { ConstantValue: { HasValue: true, Value: string name } })
                    names.Add(name);
            }
            if (names.Count == 0)
                return query with { Undecided = "the names of the ignored filters are not known" };
        }
        return query with { FiltersIgnored = call, IgnoredNames = names.ToImmutable() };
    }
}

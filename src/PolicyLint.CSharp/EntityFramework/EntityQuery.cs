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

    /// <summary>The number of its own table: 0, but for a query that another is joined with.</summary>
    public int First { get; init; }

    /// <summary>What is joined to it, in order.</summary>
    public ImmutableList<EntityJoin> Joins { get; init; } = ImmutableList<EntityJoin>.Empty;

    /// <summary>What its elements are, behind Select, GroupBy or Join.</summary>
    public RowShape Shape { get; init; } = new RowShape.Row(0);

    /// <summary>The lambdas of Where, First, Any, … on elements that are not the entity's rows.</summary>
    public ImmutableList<(IAnonymousFunctionOperation Lambda, RowShape Element)> Conditions { get; init; } = ImmutableList<(IAnonymousFunctionOperation, RowShape)>.Empty;

    /// <summary>DefaultIfEmpty: there is an element where it has no row.</summary>
    public bool IsNeverEmpty { get; init; }

    /// <summary>Include and ThenInclude, in order.</summary>
    public ImmutableList<IInvocationOperation> Includes { get; init; } = ImmutableList<IInvocationOperation>.Empty;

    /// <summary>FromSql, which is judged where its text stands; null where its own table is read whole.</summary>
    public IInvocationOperation? Sql { get; init; }

    /// <summary>Something narrows it that can't be read; null where all is read.</summary>
    public string? Undecided { get; init; }

    /// <summary>A query that is a part of it and was not looked at; null where all are.</summary>
    public string? Unread { get; init; }

    /// <summary>Whether a query filter of the model keeps other tenants' rows out, IgnoreQueryFilters left aside; null: not known.</summary>
    public bool? HasTenantFilter => FilterState(filter => true, Entity.MayHaveOtherFilters);

    /// <summary>The same for the filters that the query does not ignore.</summary>
    public bool? IsFilteredByModel => FiltersIgnored is null
        ? HasTenantFilter
        : IgnoredNames.IsEmpty ? false : FilterState(filter => filter.Name is null || !IgnoredNames.Contains(filter.Name), Entity.MayHaveOtherFilters);

    /// <summary>Its tables in order: its own, then those of each query that it is joined with.</summary>
    public IEnumerable<EntityQuery> Tables() => Joins.IsEmpty ? [this] : Joins.SelectMany(join => join.Inner.Tables()).Prepend(this);

    /// <summary>How many tables it has.</summary>
    public int TableCount => 1 + Joins.Sum(join => join.Inner.TableCount);

    /// <summary>The query of one of its tables: itself, or what is joined as it stands in it. Filters are ignored in all or none.</summary>
    public EntityQuery Table(int index)
    {
        if (index == First)
            return this;
        var join = Joins.FindLast(join => join.Inner.First <= index)!;
        var inner = join.Inner.Table(index);
        return FiltersIgnored is null
            ? inner with { Undecided = inner.Undecided ?? Undecided }
            : inner with { Undecided = inner.Undecided ?? Undecided, FiltersIgnored = FiltersIgnored, IgnoredNames = IgnoredNames };
    }

    /// <summary>The same as a part of a query that has so many tables before it.</summary>
    public EntityQuery Behind(int tables) => this with
    {
        First = First + tables,
        Shape = Shape.Behind(tables),
        Joins = Joins.ConvertAll(join => join.Behind(tables)),
        Conditions = Conditions.ConvertAll(condition => (condition.Lambda, condition.Element.Behind(tables))),
    };

    /// <summary>The lambdas with what their parameters stand for, of the queries that it is joined with, too.</summary>
    public IEnumerable<(IAnonymousFunctionOperation Lambda, RowShape Element)> AllConditions() => Conditions.Concat(Joins.SelectMany(join => join.Inner.AllConditions()));

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
}

/// <summary>Reads the operators of a query.</summary>
internal static class EntityQueries
{
    private static readonly HashSet<string> Transparent = new(StringComparer.Ordinal)
    {
        "AsNoTracking", "AsNoTrackingWithIdentityResolution", "AsTracking", "AsSplitQuery", "AsSingleQuery", "AsQueryable", "IgnoreAutoIncludes",
        "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "Skip", "Take", "Distinct", "DistinctBy", "Reverse", "TagWith", "TagWithCallSite", "Cast", "OfType", "Order", "OrderDescending",
    };

    private static readonly HashSet<string> Projecting = new(StringComparer.Ordinal) { "GroupBy", "GroupJoin", "Join", "LeftJoin", "RightJoin", "SelectMany", "Zip" };

    /// <summary>IQueryable of T, or something that is one.</summary>
    public static bool IsQueryable(ITypeSymbol type)
    {
        if (IsNamed(type))
            return true;
        // Most of what is asked about is a text, a list or a sequence, and to list their interfaces costs more than all else that is asked.
        if (type.SpecialType != SpecialType.None || type.OriginalDefinition.SpecialType != SpecialType.None || type.TypeKind is TypeKind.Array or TypeKind.Enum or TypeKind.Delegate
            || type is { ContainingNamespace: { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace.Name: "System" } } })
        {
            return false;
        }
        foreach (var implemented in type.AllInterfaces)
        {
            if (IsNamed(implemented))
                return true;
        }
        return false;

        static bool IsNamed(ITypeSymbol type) => type is INamedTypeSymbol { Name: "IQueryable", ContainingNamespace.Name: "Linq" };
    }

    /// <summary>The query that is a whole DbSet; null for anything else.</summary>
    public static EntityQuery? Root(IOperation operation, EntityModel? model, Flow.TypeArguments? types = null)
    {
        if (model is null || operation.Type is not INamedTypeSymbol { Name: "DbSet", TypeArguments: [var row], ContainingNamespace.Name: "EntityFrameworkCore" })
            return null;
        // Whatever holds a DbSet: none is less than the whole.
        var isRoot = operation is IPropertyReferenceOperation or IFieldReferenceOperation or IParameterReferenceOperation or IInvocationOperation { TargetMethod.Name: "Set" };
        return isRoot && (types?.Of(row) ?? row) is INamedTypeSymbol entity && model.Find(entity) is { } type ? new(type, operation, ImmutableList<IAnonymousFunctionOperation>.Empty) : null;
    }

    /// <summary>A method of Queryable or of EF Core on a query, which is its first argument.</summary>
    public static bool IsOperator(IInvocationOperation call) => call.TargetMethod is { IsExtensionMethod: true, ContainingType.Name: "Queryable" or "EntityFrameworkQueryableExtensions" or "RelationalQueryableExtensions" };

    /// <summary>The second query that an operator takes, or the lambda of `from` after `from` makes; null where it takes none.</summary>
    public static IOperation? JoinedBy(IInvocationOperation call) => call switch
    {
        { TargetMethod.Name: "Join" or "GroupJoin" or "LeftJoin" or "RightJoin", Arguments: [_, { Value: var inner }, _, _, _] } => inner,
        { TargetMethod.Name: "SelectMany", Arguments: [_, { Value: var source }, ..] } when LambdaOf(source) is { } lambda => RowShape.ValueOf(lambda)?.WithoutConversions(),
        _ => null,
    };

    /// <summary>The second query whose rows an operator adds to those of the first; null where it adds none.</summary>
    public static IOperation? UnitedWith(IInvocationOperation call) =>
        call is { TargetMethod.Name: "Concat" or "Union" or "UnionBy", Arguments: [_, { Value: var second }, ..] } ? second.WithoutConversions() : null;

    /// <summary>The query behind an operator; a predicate that is made elsewhere is looked for by <paramref name="predicateOf"/>.</summary>
    public static Flow.FlowValue Apply(EntityQuery query, IInvocationOperation call, EntityQuery? inner, Func<IOperation, IAnonymousFunctionOperation?> predicateOf)
    {
        var name = call.TargetMethod.Name;
        if (Join(query, call, inner) is { } joined)
            return new Flow.FlowValue.Query(joined);
        if (name == "Select")
            return new Flow.FlowValue.Query(query with { Shape = LambdaOf(call.Arguments[1].Value) is { } selector ? RowShape.Of(selector, query.Shape) : RowShape.Other });
        if (EntitySql.IsMade(call))
            return new Flow.FlowValue.Query(query with { Sql = call, Undecided = query.Undecided ?? EntitySql.NotFollowed });
        if (name == "IgnoreQueryFilters")
            return new Flow.FlowValue.Query(Ignore(query, call));
        if (Projecting.Contains(name))
        {
            return new Flow.FlowValue.Query(query with
            {
                Shape = Combined(query, call),
                Undecided = query.Undecided ?? (JoinsOnKey(query, call) ? "it is joined on its tenancy column" : null),
                Unread = query.Unread ?? (TakesQuery(call) ? "what it is joined with is not followed" : null),
            });
        }
        if (name is "Include" or "ThenInclude")
            return new Flow.FlowValue.Query(query with { Includes = query.Includes.Add(call) });
        if (name == "DefaultIfEmpty")
            return new Flow.FlowValue.Query(query with { IsNeverEmpty = true });
        if (Transparent.Contains(name))
            return new Flow.FlowValue.Query(query);
        if (name is "Where" or "SkipWhile" or "TakeWhile")
            return new Flow.FlowValue.Query(name == "Where" ? Narrow(query, call, predicateOf) : query);
        // What is added to it is a query of its own.
        if (UnitedWith(call) is { } second)
            return new Flow.FlowValue.Query(inner is null && IsQuery(second) ? query with { Unread = query.Unread ?? "what it is united with is not followed" } : query);
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
                if (query.Shape is RowShape.Row { Table: 0 })
                    return query with { Predicates = query.Predicates.Add(lambda) };
                if (query.Shape != RowShape.Other)
                    return query with { Conditions = query.Conditions.Add((lambda, query.Shape)) };
                return MentionsKey(lambda, query) ? query with { Undecided = "what is projected is filtered" } : query;
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

    // Null where the operator joins nothing that can be followed.
    private static EntityQuery? Join(EntityQuery query, IInvocationOperation call, EntityQuery? inner)
    {
        if (call is { TargetMethod.Name: "SelectMany", Arguments: [_, { Value: var collection }, ..] })
        {
            var selector = call.Arguments.Length == 3 ? LambdaOf(call.Arguments[2].Value) : null;
            if (LambdaOf(collection) is not { } source || selector is null && call.Arguments.Length != 2)
                return null;
            // The rows that GroupJoin collected, one by one.
            if (RowShape.Of(source, query.Shape) is RowShape.Group group)
                return Flattened(query, group, source) with { Shape = selector is null ? group.Element : RowShape.Of(selector, query.Shape, group.Element) };
            return inner is null ? null : Joined(query, inner, selector, joined => new(joined, query.Shape, null, null) { Source = source, IsLeft = inner.IsNeverEmpty });
        }
        if (inner is null || call is not { TargetMethod.Name: var name, Arguments: [_, _, { Value: var outerKey }, { Value: var innerKey }, { Value: var combine }] } || LambdaOf(combine) is not { } combination)
            return null;
        return name switch
        {
            // Its other side is the one that stays.
            "RightJoin" => Joined(inner, query, combination, joined => new(joined, inner.Shape, LambdaOf(innerKey), LambdaOf(outerKey)) { IsLeft = true }, isTurned: true),
            "GroupJoin" => Joined(query, inner, combination, joined => new(joined, query.Shape, LambdaOf(outerKey), LambdaOf(innerKey)) { IsLeft = true }, isGrouped: true),
            "Join" or "LeftJoin" => Joined(query, inner, combination, joined => new(joined, query.Shape, LambdaOf(outerKey), LambdaOf(innerKey)) { IsLeft = name == "LeftJoin" }),
            _ => null,
        };
    }

    private static EntityQuery Joined(EntityQuery query, EntityQuery inner, IAnonymousFunctionOperation? selector, Func<EntityQuery, EntityJoin> with, bool isGrouped = false, bool isTurned = false)
    {
        var join = with(inner.Behind(query.TableCount));
        var elements = isGrouped ? new RowShape.Group(join.Inner.First, join.Inner.Shape) : join.Inner.Shape;
        var isAllIgnored = query.FiltersIgnored is not null && query.IgnoredNames.IsEmpty || inner.FiltersIgnored is not null && inner.IgnoredNames.IsEmpty;
        return query with
        {
            Joins = query.Joins.Add(join),
            Shape = selector is null ? elements : isTurned ? RowShape.Of(selector, elements, query.Shape) : RowShape.Of(selector, query.Shape, elements),
            Unread = query.Unread ?? inner.Unread,
            // What narrows the rows that may be missing narrows none of the others.
            Undecided = query.Undecided ?? (join.IsLeft ? null : inner.Undecided),
            // Wherever a query says so, it does for the whole.
            FiltersIgnored = query.FiltersIgnored ?? inner.FiltersIgnored,
            IgnoredNames = isAllIgnored ? ImmutableArray<string>.Empty : query.IgnoredNames.AddRange(inner.IgnoredNames),
        };
    }

    // Without DefaultIfEmpty the elements go for which nothing was collected.
    private static EntityQuery Flattened(EntityQuery query, RowShape.Group group, IAnonymousFunctionOperation source)
    {
        var index = query.Joins.FindIndex(join => join.Inner.First == group.First);
        return index < 0 || RowShape.ValueOf(source)?.WithoutConversions() is IInvocationOperation { TargetMethod.Name: "DefaultIfEmpty" }
            ? query
            : query with { Joins = query.Joins.SetItem(index, query.Joins[index] with { IsLeft = false }) };
    }

    // The rows are the same where what they are joined with is not known.
    private static RowShape Combined(EntityQuery query, IInvocationOperation call) => call switch
    {
        { TargetMethod.Name: "Join" or "GroupJoin" or "LeftJoin" or "RightJoin", Arguments: [_, _, _, _, { Value: var combine }] } when LambdaOf(combine) is { } combination => RowShape.Of(combination, query.Shape, RowShape.Other),
        { TargetMethod.Name: "SelectMany", Arguments: [_, _, { Value: var combine }] } when LambdaOf(combine) is { } combination => RowShape.Of(combination, query.Shape, RowShape.Other),
        _ => RowShape.Other,
    };

    // A query beside the first one, or one that its lambda makes for each row; a property of the row leads to what the row has.
    private static bool TakesQuery(IInvocationOperation call) =>
        call.TargetMethod.Name != "GroupBy" && (JoinedBy(call) ?? (call.Arguments.Length > 1 ? call.Arguments[1].Value.WithoutConversions() : null)) is { } second && IsQuery(second);

    private static bool IsQuery(IOperation operation) => operation.WithoutConversions().Type is { } type && IsQueryable(type);

    /// <summary>A lambda speaks of a tenancy key, or of a row, of any table of the query.</summary>
    public static bool MentionsKey(IOperation lambda, EntityQuery query) => query.Tables().Any(table => MentionsKey(lambda, table.Entity));

    // What is joined may be filtered itself.
    private static bool JoinsOnKey(EntityQuery query, IInvocationOperation call) => call.Arguments.Any(argument =>
        argument.Parameter is { Name: "outerKeySelector" or "innerKeySelector" } && LambdaOf(argument.Value) is { } selector && MentionsKey(selector, query.Entity));

    private static bool MentionsKey(IOperation lambda, EntityType entity)
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

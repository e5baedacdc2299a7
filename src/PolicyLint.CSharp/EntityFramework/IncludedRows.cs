using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Rows that Include brings along. A tenant's row leads to rows of the same tenant; one of no tenant to those of all.</summary>
internal static class IncludedRows
{
    private static readonly HashSet<string> Counting = new(StringComparer.Ordinal) { "Any", "AnyAsync", "All", "AllAsync", "Count", "CountAsync", "LongCount", "LongCountAsync" };

    /// <summary>The collections that a query includes whose rows only their own condition could keep to one tenant.</summary>
    public static IEnumerable<EntityQuery> Of(EntityQuery query, IOperation end, EntityModel entities, JudgedDatabase database)
    {
        if (query.Shape is not RowShape.Row { Table: 0 } || end is IInvocationOperation { TargetMethod.Name: var name } && Counting.Contains(name))
            yield break;
        foreach (var include in query.Includes)
        {
            if (include.Arguments is [_, { Value: var path }] && EntityQueries.LambdaOf(path) is { } lambda && RowShape.ValueOf(lambda) is { } value && Collection(value, include, entities, database) is { } rows)
                yield return rows with { Undecided = query.Undecided, FiltersIgnored = query.FiltersIgnored, IgnoredNames = query.IgnoredNames };
        }
    }

    // category.Notes, category.Notes.Where(note => …)
    private static EntityQuery? Collection(IOperation value, IInvocationOperation include, EntityModel entities, JudgedDatabase database)
    {
        var predicates = ImmutableList<IAnonymousFunctionOperation>.Empty;
        value = value.WithoutConversions();
        while (value is IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: var name }, Arguments: [{ Value: var source }, ..] arguments })
        {
            if (name == "Where" && arguments.Length == 2 && EntityQueries.LambdaOf(arguments[1].Value) is { } predicate)
                predicates = predicates.Add(predicate);
            else if (name is not ("OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "Take" or "Skip"))
                return null;
            value = source.WithoutConversions();
        }
        if (value is not IPropertyReferenceOperation { Instance.Type: INamedTypeSymbol from, Property.Type: INamedTypeSymbol { TypeArguments: [INamedTypeSymbol to] } })
            return null;
        return entities.Find(from) is { IsTenant: false, Table: { } whole } && entities.Find(to) is { IsTenant: true, Table: { } part } entity && LeadsToAll(whole, part, entity, database)
            ? new(entity, include, predicates)
            : null;
    }

    // By one foreign key that says nothing of tenants: neither the tenancy key nor a group's, whose members it is.
    private static bool LeadsToAll(Table whole, Table part, EntityType entity, JudgedDatabase database)
    {
        var keys = part.Constraints.Where(constraint => constraint.Kind == ConstraintKind.ForeignKey && Equals(constraint.ReferencedTable, whole.Id)).ToList();
        return keys is [{ Columns: [var name] }] && part.FindColumn(name) is { } column && !entity.Keys.Any(key => key.Column.Name == name) && !database.Groups.IsReferredToBy(part, column);
    }
}

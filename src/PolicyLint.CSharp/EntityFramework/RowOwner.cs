using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// What says whose the rows of an entity are. A table may have several columns that could: one that each row has is preferred to one that may
/// be null, and a parent that each row has to one that only some have.
/// </summary>
/// <param name="Key">The one tenancy key that says it; null where several columns could, or where a parent has the key.</param>
/// <param name="Name">What a query must compare, as a message names it.</param>
internal sealed record RowOwner(TenantKey? Key, string Name)
{
    /// <summary>The owner of the rows of a tenant entity.</summary>
    public static RowOwner Of(EntityType entity, JudgedDatabase database)
    {
        var keys = entity.Keys;
        var filtered = entity.Filters.Where(filter => filter.IsTenant == true).SelectMany(filter => filter.Compared).Where(entity.IsKey).Distinct().ToList();
        if (filtered is [var property])
            return Of(entity, [new(entity.ColumnOf(property)!)]);
        // A project that names its tenancy names the strongest column first.
        if (!keys[0].IsInferred)
            return Of(entity, keys.FirstOrDefault(key => IsRequired(entity, key.Column)) is { } first ? [new(first.Column)] : [.. keys.Select(key => new Way(key.Column))]);
        var groups = entity.Table!.Columns.Where(column => !IsKey(entity, column) && database.Groups.IsReferredToBy(entity.Table, column)).ToList();
        var required = keys.Where(key => IsRequired(entity, key.Column)).ToList();
        // By name alone a column is none where the policies compare another.
        if (required.FindAll(key => key.Goal is not null) is [var compared])
            required = [compared];
        List<Way> ways = [.. required.Select(key => new Way(key.Column)), .. groups.Where(column => IsRequired(entity, column)).Select(column => new Way(column))];
        if (ways.Count > 0)
            return Of(entity, ways);
        var parents = Parents(entity, database).ToList();
        return parents.Exists(parent => IsRequired(entity, parent.Column))
            ? Of(entity, [.. parents.Where(parent => IsRequired(entity, parent.Column)), .. keys.Where(key => !parents.Exists(parent => parent.Column.Name == key.Column.Name)).Select(key => new Way(key.Column))])
            : Of(entity, [.. keys.Select(key => new Way(key.Column)), .. groups.Select(column => new Way(column))]);
    }

    /// <summary>A column by which a row may come to its owner.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Owner">The key of the row that it refers to, with its table; null where the column says it itself.</param>
    private readonly record struct Way(Column Column, string? Owner = null);

    private static RowOwner Of(EntityType entity, List<Way> ways)
    {
        // In the order of the table; one that the files only name has columns that they never list.
        var columns = entity.Table!.Columns.Select(column => column.Name).ToList();
        var names = ways.OrderBy(way => columns.IndexOf(way.Column.Name)).Select(way => way.Owner is { } owner ? $"{owner} (by {NameOf(entity, way.Column)})" : NameOf(entity, way.Column)).ToList();
        var last = names.Count - 1;
        var name = last == 0 ? names[0] : string.Join(", ", names.Take(last)) + " or " + names[last];
        return new(ways is [{ Owner: null, Column: var only }] ? entity.Keys.FirstOrDefault(key => key.Column.Name == only.Name) : null, name);
    }

    // The foreign keys to rows of somebody. Those to users or tenants themselves say who, not through whom.
    private static IEnumerable<Way> Parents(EntityType entity, JudgedDatabase database)
    {
        foreach (var constraint in entity.Table!.Constraints)
        {
            if (constraint is not { Kind: ConstraintKind.ForeignKey, Columns: [var name], ReferencedTable: { } id } || id.Equals(entity.Table.Id) || entity.Table.FindColumn(name) is not { } column)
                continue;
            if (!database.Catalog.Relations.TryGetValue(id, out var relation) || relation is not Table parent || !database.Tenancy.IsTenantTable(parent))
                continue;
            var keys = database.Tenancy.KeysOf(parent).Where(key => !constraint.ReferencedColumns.Contains(key.Column.Name)).ToList();
            if (keys.Count > 0)
                yield return new(column, $"{id.Name}.{(keys.Find(key => key.Column.IsNotNull.Value) ?? keys[0]).Column.Name}");
        }
    }

    private static bool IsKey(EntityType entity, Column column) => entity.Keys.Any(key => key.Column.Name == column.Name);

    private static bool IsRequired(EntityType entity, Column column) =>
        column.IsNotNull is { Value: true } or { IsKnown: false } || entity.PropertyOf(column.Name)?.Type is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T };

    private static string NameOf(EntityType entity, Column column) => entity.PropertyOf(column.Name)?.Name ?? column.Name;
}

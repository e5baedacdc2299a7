using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A HasQueryFilter of an entity.</summary>
/// <param name="Syntax">The call.</param>
/// <param name="Name">Its name in EF Core 10; null for the unnamed one.</param>
/// <param name="Bound">Its lambda; null where it is made elsewhere.</param>
internal sealed record QueryFilter(InvocationExpressionSyntax Syntax, string? Name, Lazy<IAnonymousFunctionOperation?> Bound)
{
    /// <summary>Its lambda; null where it is made elsewhere. Asking for it may bind the body that it stands in.</summary>
    public IAnonymousFunctionOperation? Predicate => Bound.Value;

    /// <summary>Properties that it compares with a value, as far as its syntax shows.</summary>
    public IReadOnlyList<string> Compared { get; init; } = [];

    /// <summary>Whether it implies the tenancy condition; null: not known.</summary>
    public bool? IsTenant { get; init; }
}

/// <summary>A class that EF Core maps, and the table that it stands for.</summary>
internal sealed class EntityType(INamedTypeSymbol type, IReadOnlyList<string> tableNames, IReadOnlyDictionary<string, string> columnNames)
{
    private readonly HashSet<string> _references = new(StringComparer.Ordinal);
    private Lazy<RowOwner>? _owner;

    public INamedTypeSymbol Type { get; } = type;

    /// <summary>The table; null where the catalog has none that fits.</summary>
    public Table? Table { get; private set; }

    /// <summary>The tenancy keys of the table.</summary>
    public IReadOnlyList<TenantKey> Keys { get; private set; } = [];

    public bool IsTenant => Keys.Count > 0;

    /// <summary>The DbSet of a context; null where the entity is mapped without one.</summary>
    public IPropertySymbol? Set { get; set; }

    /// <summary>Another entity is its base class: filters stand with that one.</summary>
    public bool IsDerived { get; set; }

    /// <summary>What says whose the rows of a tenant entity are. Its filters must be known.</summary>
    public RowOwner Owner => _owner!.Value;

    /// <summary>The filters that the code gives it, in order.</summary>
    public List<QueryFilter> Filters { get; } = [];

    /// <summary>Filters may be set in ways that can't be read.</summary>
    public bool MayHaveOtherFilters { get; set; }

    /// <summary>Finds the table by the names that the entity may have there.</summary>
    public void Bind(JudgedDatabase database)
    {
        foreach (var name in tableNames)
        {
            var found = database.TablesLike(name);
            // The same name in two schemas says nothing.
            if (found.Count > 1)
                return;
            if (found.Count == 0)
                continue;
            Table = found[0];
            Keys = database.Tenancy.IsTenantTable(Table) ? database.Tenancy.KeysOf(Table) : [];
            _owner = new(() => RowOwner.Of(this, database));
            foreach (var constraint in Table.Constraints)
            {
                if (constraint is { Kind: ConstraintKind.ForeignKey, Columns: [var column], ReferencedTable: { } id } && database.Catalog.Relations.TryGetValue(id, out var relation) && relation is Table referenced && database.Tenancy.IsTenantTable(referenced))
                    _references.Add(column);
            }
            foreach (var column in Table.Columns)
            {
                if (IsNamedForTenants(column.Name, database))
                    _references.Add(column.Name);
            }
            return;
        }
    }

    /// <summary>The column that a property is mapped to; null where the table has none.</summary>
    public Column? ColumnOf(string property)
    {
        if (Table is null)
            return null;
        var name = columnNames.TryGetValue(property, out var mapped) ? mapped : property;
        foreach (var column in Table.Columns)
        {
            if (SameName(column.Name, name))
                return column;
        }
        return null;
    }

    /// <summary>The property that is mapped to a column; null where the class has none.</summary>
    public IPropertySymbol? PropertyOf(string column)
    {
        for (INamedTypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers())
            {
                if (member is IPropertySymbol { IsStatic: false, GetMethod: not null } property && ColumnOf(property.Name)?.Name == column)
                    return property;
            }
        }
        return null;
    }

    /// <summary>Whether a property is mapped to a tenancy column.</summary>
    public bool IsKey(string property)
    {
        foreach (var key in Keys)
        {
            if (ColumnOf(property)?.Name == key.Column.Name)
                return true;
        }
        return false;
    }

    /// <summary>Whether a property is mapped to a foreign key of a table of tenants, or named for one.</summary>
    public bool RefersToTenants(string property) => ColumnOf(property) is { } column && _references.Contains(column.Name);

    /// <summary>Whether a property is mapped to the primary key, or a part of it.</summary>
    public bool IsPrimaryKey(string property) => ColumnOf(property) is { } column
        && Table!.Constraints.Any(constraint => constraint.Kind == ConstraintKind.PrimaryKey && constraint.Columns.Contains(column.Name));

    /// <summary>Whether a property is mapped to the primary key, and is all of it.</summary>
    public bool IsWholePrimaryKey(string property) => ColumnOf(property) is { } column
        && Table!.Constraints.Any(constraint => constraint.Kind == ConstraintKind.PrimaryKey && constraint.Columns is [var only] && only == column.Name);

    /// <summary>Whether no two rows of the table have one value of a property, whosever they are: a token, a domain. Not the primary key, which any caller names.</summary>
    public bool IsUniqueOfAll(string property) => ColumnOf(property) is { } column && !IsPrimaryKey(property)
        && (Table!.Constraints.Any(constraint => constraint.Kind == ConstraintKind.Unique && constraint.Columns is [var only] && only == column.Name)
            || Table.Indexes.Any(index => index is { IsUnique: true, Predicate: null, Keys: [{ Column: { } only }] } && only == column.Name));

    public bool MapsTo(ITypeSymbol type) => SymbolEqualityComparer.Default.Equals(type, Type);

    // CipherId, where there is a table Cipher or Ciphers.
    private static bool IsNamedForTenants(string column, JudgedDatabase database)
    {
        if (!column.EndsWith("id", StringComparison.OrdinalIgnoreCase) || column.Substring(0, column.Length - 2).TrimEnd('_') is not { Length: > 0 } name)
            return false;
        var tables = database.TablesLike(name).Concat(database.TablesLike(name + "s")).ToList();
        return tables.Count == 1 && database.Tenancy.IsTenantTable(tables[0]);
    }

    // Naming conventions differ in case and underscores alone.
    private static bool SameName(string left, string right)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < left.Length && left[i] == '_')
                i++;
            while (j < right.Length && right[j] == '_')
                j++;
            if (i == left.Length || j == right.Length)
                return i == left.Length && j == right.Length;
            if (char.ToLowerInvariant(left[i++]) != char.ToLowerInvariant(right[j++]))
                return false;
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// What the project's DbContexts map: entities, their tables, columns and query filters. One for a compilation; an entity is read when
/// it is asked about. It serves all threads.
/// </summary>
internal sealed class EntityModel
{
    private static readonly SymbolDisplayFormat FullName = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private readonly ModelSource _source;
    private readonly CodeBase _code;
    private readonly JudgedDatabase _database;
    private readonly ConcurrentDictionary<INamedTypeSymbol, EntityType?> _entities = new(SymbolEqualityComparer.Default);
    private readonly object _lock = new();
    private readonly Lazy<bool> _checksWrites;

    private EntityModel(ModelSource source, CodeBase code, JudgedDatabase database)
    {
        _source = source;
        _code = code;
        _database = database;
        _checksWrites = new(() => WriteChecks.Exist(code));
    }

    /// <summary>A context of the project overrides SaveChanges, or an interceptor stands before it: what is written may be checked there.</summary>
    public bool ChecksWrites => _checksWrites.Value;

    /// <summary>In order of names.</summary>
    public IEnumerable<EntityType> Entities => AllTypes().Select(EntityOf).OfType<EntityType>().OrderBy(entity => entity.Type.ToDisplayString(FullName), StringComparer.Ordinal);

    /// <summary>The model; null where neither the compilation nor the projects that it refers to have a DbContext.</summary>
    public static EntityModel? Read(CodeBase code, JudgedDatabase database, CancellationToken cancellation) =>
        code.Compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbContext") is not null && ModelSource.Of(code, cancellation) is { } source ? new(source, code, database) : null;

    /// <summary>The entity of a class: its own, or that of the class it derives from in the same table.</summary>
    public EntityType? Find(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (EntityOf(current) is { } entity)
                return entity;
        }
        return null;
    }

    /// <summary>The tenant entity that derives from a class of the same name; null where none or several do.</summary>
    public EntityType? StandingFor(INamedTypeSymbol type)
    {
        EntityType? found = null;
        foreach (var mapped in AllTypes())
        {
            if (mapped.Name != type.Name || !SymbolEqualityComparer.Default.Equals(mapped.BaseType, type) || EntityOf(mapped) is not { IsTenant: true } entity)
                continue;
            if (found is not null)
                return null;
            found = entity;
        }
        return found;
    }

    /// <summary>DbContext or a class that derives from it.</summary>
    public static bool IsContext(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "DbContext", ContainingNamespace: { Name: "EntityFrameworkCore", ContainingNamespace.Name: "Microsoft" } })
                return true;
        }
        return false;
    }

    private IReadOnlyCollection<INamedTypeSymbol> AllTypes()
    {
        lock (_lock)
        {
            _source.ReadAll();
            return _source.Mapped;
        }
    }

    private EntityType? EntityOf(INamedTypeSymbol type)
    {
        if (_entities.TryGetValue(type, out var known))
            return known;
        _source.BindAbout(type);
        lock (_lock)
            return _entities.GetOrAdd(type, Read);
    }

    private EntityType? Read(INamedTypeSymbol type)
    {
        _source.ReadAbout(type);
        if (!_source.IsMapped(type))
            return null;
        var entity = new EntityType(type, _source.TableNamesOf(type), _source.ColumnNamesOf(type)) { MayHaveOtherFilters = _source.HasUnreadFilters || _source.IsOpen(type), Set = _source.SetOf(type) };
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
            entity.IsDerived |= _source.IsMapped(parent);
        entity.Bind(_database);
        foreach (var filter in _source.FiltersOf(type))
            entity.Filters.Add(filter with { IsTenant = Judge(entity, filter) });
        return entity;
    }

    private bool? Judge(EntityType entity, QueryFilter filter)
    {
        if (!entity.IsTenant)
            return false;
        // As the judge of statements says of a conjunct that compares the key with a parameter. The body may stay unbound.
        if (entity.Keys is [{ Column.Name: var key }] && entity.PropertyOf(key) is { } property && filter.Compared.Contains(property.Name))
            return true;
        // A lambda that can't be bound is an error of the compiler's, and no filter.
        if (filter.Predicate is null)
            return FilterSyntax.LambdaOf(filter.Syntax) is null ? null : false;
        return EntityJudgement.Of(entity, [filter.Predicate], _database, default)?.Verdict switch
        {
            Core.Logic.Verdict.Proven => true,
            // Compared and not implied: `disabled || row.TenantId == mine` isolates as long as it is not switched off.
            Core.Logic.Verdict.Refuted => filter.Predicate.Descendants().Any(part => part is IPropertyReferenceOperation property && entity.IsKey(property.Property.Name)) ? null : false,
            _ => null,
        };
    }
}

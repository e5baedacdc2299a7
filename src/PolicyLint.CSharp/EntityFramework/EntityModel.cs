using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>What the project's DbContexts map: entities, their tables, columns and query filters. Made once for a compilation.</summary>
internal sealed class EntityModel
{
    private static readonly SymbolDisplayFormat FullName = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private readonly Dictionary<INamedTypeSymbol, EntityType> _entities = new(SymbolEqualityComparer.Default);

    private EntityModel()
    {
    }

    /// <summary>A context of the project overrides SaveChanges, or an interceptor stands before it: what is written may be checked there.</summary>
    public bool ChecksWrites { get; private set; }

    /// <summary>In order of names.</summary>
    public IEnumerable<EntityType> Entities => _entities.Values.OrderBy(entity => entity.Type.ToDisplayString(FullName), StringComparer.Ordinal);

    /// <summary>The model; null where the compilation has no DbContext of its own.</summary>
    public static EntityModel? Read(CodeBase code, ICatalog catalog, Tenancy tenancy, QueryJudge judge, CancellationToken cancellation)
    {
        if (code.Compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbContext") is null)
            return null;
        var source = new ModelSource(code, cancellation);
        source.Read();
        if (!source.HasContext)
            return null;
        var model = new EntityModel { ChecksWrites = code.SourceTypes(cancellation).Any(MayCheckWrites) };
        var sets = new Dictionary<INamedTypeSymbol, IPropertySymbol>(SymbolEqualityComparer.Default);
        foreach (var (type, property) in source.Sets)
        {
            if (!sets.ContainsKey(type))
                sets.Add(type, property);
        }
        foreach (var pair in source.TableNames)
        {
            var columns = source.ColumnNames.TryGetValue(pair.Key, out var named) ? named : [];
            var entity = new EntityType(pair.Key, pair.Value, columns) { MayHaveOtherFilters = source.HasUnreadFilters };
            entity.Set = sets.TryGetValue(pair.Key, out var set) ? set : null;
            for (var parent = pair.Key.BaseType; parent is not null; parent = parent.BaseType)
                entity.IsDerived |= source.TableNames.ContainsKey(parent);
            entity.Bind(catalog, tenancy);
            model._entities.Add(pair.Key, entity);
        }
        var hierarchy = model.Hierarchy();
        foreach (var (type, filter) in source.Filters)
        {
            foreach (var entity in model.CoveredBy(type, hierarchy))
                entity.Filters.Add(filter with { IsTenant = Judge(entity, filter, judge, cancellation) });
        }
        foreach (var type in source.OpenTypes)
        {
            foreach (var entity in model.CoveredBy(type, hierarchy))
                entity.MayHaveOtherFilters = true;
        }
        return model;
    }

    private static bool MayCheckWrites(INamedTypeSymbol type) =>
        type.AllInterfaces.Any(implemented => implemented.Name == "ISaveChangesInterceptor")
        || IsContext(type) && type.GetMembers().Any(member => member is IMethodSymbol { IsOverride: true, Name: "SaveChanges" or "SaveChangesAsync" });

    /// <summary>The entity of a class: its own, or that of the class it derives from in the same table.</summary>
    public EntityType? Find(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (_entities.TryGetValue(current, out var entity))
                return entity;
        }
        return null;
    }

    /// <summary>DbContext or a class that derives from it.</summary>
    public static bool IsContext(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current is { Name: "DbContext", ContainingNamespace: { Name: "EntityFrameworkCore", ContainingNamespace.Name: "Microsoft" } })
                return true;
        }
        return false;
    }

    // A filter of a base class holds for the classes in its hierarchy.
    private IEnumerable<EntityType> CoveredBy(ITypeSymbol configured, Dictionary<ITypeSymbol, List<EntityType>> hierarchy) =>
        configured is ITypeParameterSymbol parameter ? _entities.Values.Where(entity => Satisfies(entity.Type, parameter))
            : hierarchy.TryGetValue(configured, out var covered) ? covered : [];

    private Dictionary<ITypeSymbol, List<EntityType>> Hierarchy()
    {
        var hierarchy = new Dictionary<ITypeSymbol, List<EntityType>>(SymbolEqualityComparer.Default);
        foreach (var entity in _entities.Values)
        {
            for (INamedTypeSymbol? current = entity.Type; current is not null; current = current.BaseType)
            {
                if (!hierarchy.TryGetValue(current, out var derived))
                    hierarchy.Add(current, derived = []);
                derived.Add(entity);
            }
        }
        return hierarchy;
    }

    private static bool Satisfies(INamedTypeSymbol type, ITypeParameterSymbol parameter)
    {
        foreach (var constraint in parameter.ConstraintTypes)
        {
            var isMet = false;
            for (INamedTypeSymbol? current = type; current is not null && !isMet; current = current.BaseType)
                isMet = SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, constraint.OriginalDefinition);
            foreach (var implemented in type.AllInterfaces)
                isMet |= SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, constraint.OriginalDefinition);
            if (!isMet)
                return false;
        }
        return true;
    }

    private static bool? Judge(EntityType entity, QueryFilter filter, QueryJudge judge, CancellationToken cancellation)
    {
        if (!entity.IsTenant || filter.Predicate is null)
            return entity.IsTenant ? null : false;
        return EntityJudgement.Of(entity, [filter.Predicate], judge, cancellation)?.Verdict switch
        {
            Core.Logic.Verdict.Proven => true,
            // Compared and not implied: `disabled || row.TenantId == mine` isolates as long as it is not switched off.
            Core.Logic.Verdict.Refuted => filter.Predicate.Descendants().Any(part => part is IPropertyReferenceOperation property && entity.IsKey(property.Property.Name)) ? null : false,
            _ => null,
        };
    }
}

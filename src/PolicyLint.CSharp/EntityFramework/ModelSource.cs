using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// Reads DbContexts and entity configurations as they stand in the code, before the catalog is asked: what may speak of any entity at
/// first, the rest when an entity that it names is asked about.
/// </summary>
internal sealed class ModelSource
{
    private const int MostFollowed = 2000;

    private readonly CodeBase _code;
    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);
    private readonly List<(SyntaxTree Tree, ModelPart Part)> _parts = [];
    private readonly Dictionary<string, List<int>> _partsByName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, bool> _partsBound = new();
    private readonly HashSet<int> _partsRead = [];
    private readonly HashSet<INamedTypeSymbol> _configured = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, string> _explicitTables = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, Dictionary<string, string>> _columnNames = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, List<IPropertySymbol>> _sets = new(SymbolEqualityComparer.Default);
    private readonly List<(ITypeSymbol Type, QueryFilter Filter)> _filters = [];
    private readonly Dictionary<ITypeSymbol, List<int>> _filtersByType = new(SymbolEqualityComparer.Default);
    private readonly List<ITypeParameterSymbol> _filteredParameters = [];
    private readonly HashSet<ITypeSymbol> _openTypes = new(SymbolEqualityComparer.Default);

    private bool _hasReferencedContext;
    private CancellationToken _cancellation;
    private int _followed;

    private ModelSource(CodeBase code, CancellationToken cancellation)
    {
        _code = code;
        _cancellation = cancellation;
    }

    /// <summary>Filters are set on types that only the running program knows.</summary>
    public bool HasUnreadFilters { get; private set; }

    /// <summary>The types that are mapped, as far as they are read.</summary>
    public IReadOnlyCollection<INamedTypeSymbol> Mapped => [.. _configured.Concat(_sets.Keys.Where(type => !_configured.Contains(type)))];

    /// <summary>The source of the model; null where neither the compilation nor the projects that it refers to have a DbContext.</summary>
    public static ModelSource? Of(CodeBase code, CancellationToken cancellation)
    {
        var source = new ModelSource(code, cancellation);
        source.ReadReferencedContexts();
        if (!source.FindContexts() && !source._hasReferencedContext)
            return null;
        var changesWords = code.OutlinesOf(DeclarationOutline.Read, cancellation).Any(file => file.Outline.ChangesWords);
        foreach (var (tree, outline) in code.OutlinesOf(DeclarationOutline.Read, cancellation))
        {
            foreach (var part in outline.ModelParts)
                source.Add(tree, changesWords ? part with { Names = null, Facts = null } : part);
        }
        // From here on a part is read to its end: the half of it would be taken for the whole.
        source._cancellation = default;
        return source;
    }

    /// <summary>Reads what is said of a type.</summary>
    public void ReadAbout(INamedTypeSymbol type)
    {
        foreach (var part in PartsAbout(type))
            Read(part);
    }

    /// <summary>Lets the compiler bind what is said of a type. Any thread may, so that none has to wait for that of another.</summary>
    public void BindAbout(INamedTypeSymbol type)
    {
        foreach (var part in PartsAbout(type))
        {
            if (_parts[part].Part.Facts is null && _partsBound.TryAdd(part, true) && _code.SymbolAt(_parts[part].Tree, _parts[part].Part.Span, default) is IMethodSymbol method)
                _code.BodyOf(method.OriginalDefinition, default);
        }
    }

    /// <summary>Reads what is said of any type.</summary>
    public void ReadAll()
    {
        for (var i = 0; i < _parts.Count; i++)
            Read(i);
    }

    /// <summary>Whether a type is mapped, as far as it is read.</summary>
    public bool IsMapped(INamedTypeSymbol type) => _configured.Contains(type) || _sets.ContainsKey(type);

    /// <summary>Names that an entity's table may have, the surest first.</summary>
    public IReadOnlyList<string> TableNamesOf(INamedTypeSymbol type)
    {
        if (_explicitTables.TryGetValue(type, out var table))
            return [table];
        if (AttributeName(type, "TableAttribute") is { } named)
            return [named];
        var names = new List<string>();
        if (_configured.Contains(type))
            names.Add(type.Name);
        foreach (var set in _sets.TryGetValue(type, out var sets) ? sets : [])
            Insert(names, set.Name);
        Insert(names, type.Name);
        Insert(names, type.Name + "s");
        return names;
    }

    /// <summary>The DbSet of an entity; null where it has none.</summary>
    public IPropertySymbol? SetOf(INamedTypeSymbol type) => _sets.TryGetValue(type, out var sets) ? sets[0] : null;

    /// <summary>Columns by property where a name is given.</summary>
    public IReadOnlyDictionary<string, string> ColumnNamesOf(INamedTypeSymbol type)
    {
        var names = _columnNames.TryGetValue(type, out var given) ? new Dictionary<string, string>(given, StringComparer.Ordinal) : new(StringComparer.Ordinal);
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IPropertySymbol && AttributeName(member, "ColumnAttribute") is { } column && !names.ContainsKey(member.Name))
                    names.Add(member.Name, column);
            }
        }
        return names;
    }

    /// <summary>The filters of an entity in order. One of a base class holds for the classes in its hierarchy, one of a type parameter for those that fit it.</summary>
    public IEnumerable<QueryFilter> FiltersOf(INamedTypeSymbol type)
    {
        var filters = new SortedSet<int>();
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (_filtersByType.TryGetValue(current, out var own))
                filters.UnionWith(own);
        }
        foreach (var parameter in _filteredParameters)
        {
            if (Satisfies(type, parameter))
                filters.UnionWith(_filtersByType[parameter]);
        }
        return filters.Select(filter => _filters[filter].Filter);
    }

    /// <summary>Whether an entity gets something whose effect is not known.</summary>
    public bool IsOpen(INamedTypeSymbol type)
    {
        // A context of another assembly may map what has no DbSet here.
        if (_hasReferencedContext && !_sets.ContainsKey(type))
            return true;
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (_openTypes.Contains(current))
                return true;
        }
        return _openTypes.Any(open => open is ITypeParameterSymbol parameter && Satisfies(type, parameter));
    }

    private IEnumerable<int> PartsAbout(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (!_partsByName.TryGetValue(current.Name, out var parts))
                continue;
            foreach (var part in parts)
                yield return part;
        }
    }

    // A base class of the same name is the same for all classes, unless the code has several of that name.
    private bool FindContexts()
    {
        var declared = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (_, outline) in _code.OutlinesOf(DeclarationOutline.Read, _cancellation))
        {
            foreach (var type in outline.Types)
                declared[type.Name] = declared.TryGetValue(type.Name, out var count) ? count + 1 : 1;
        }
        var hasContext = false;
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tree, outline) in _code.OutlinesOf(DeclarationOutline.Read, _cancellation))
        {
            foreach (var type in outline.Types)
            {
                if (type.Bases is not [var parent, ..] || IsInterfaceName(parent) || !asked.Add(parent) && !(declared.TryGetValue(LastPart(parent), out var count) && count > 1))
                    continue;
                if (_code.SymbolAt(tree, type.Span, _cancellation) is not INamedTypeSymbol symbol || !EntityModel.IsContext(symbol))
                    continue;
                hasContext = true;
                HasUnreadFilters |= HasForeignBase(symbol);
            }
        }
        return hasContext;
    }

    // They say what they map and not how: filters may be set there.
    private void ReadReferencedContexts()
    {
        foreach (var assembly in _code.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (IsLibrary(assembly.Name) || !assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == "Microsoft.EntityFrameworkCore")))
                continue;
            foreach (var context in TypesOf(assembly.GlobalNamespace).Where(type => type.TypeKind == TypeKind.Class && EntityModel.IsContext(type)))
            {
                _hasReferencedContext = true;
                foreach (var member in context.GetMembers())
                {
                    if (member is not IPropertySymbol { Type: INamedTypeSymbol { Name: "DbSet", TypeArguments: [INamedTypeSymbol entity] } } set)
                        continue;
                    if (!_sets.TryGetValue(entity, out var sets))
                        _sets.Add(entity, sets = []);
                    sets.Add(set);
                    _openTypes.Add(entity);
                }
            }
        }
    }

    private IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol parent)
    {
        _cancellation.ThrowIfCancellationRequested();
        foreach (var member in parent.GetMembers())
        {
            if (member is INamedTypeSymbol type)
                yield return type;
            if (member is INamespaceOrTypeSymbol inner)
            {
                foreach (var nested in TypesOf(inner))
                    yield return nested;
            }
        }
    }

    private static bool HasForeignBase(INamedTypeSymbol context)
    {
        for (INamedTypeSymbol? current = context; current is not null; current = current.BaseType)
        {
            if (!SymbolEqualityComparer.Default.Equals(current.ContainingAssembly, context.ContainingAssembly) && current is not { Name: "DbContext" } && !current.Name.StartsWith("Identity", StringComparison.Ordinal) && current.SpecialType != SpecialType.System_Object)
                return true;
        }
        return false;
    }

    private static string LastPart(string name) => name.Substring(Math.Max(name.LastIndexOf('.'), name.LastIndexOf(':')) + 1);

    private static bool IsInterfaceName(string name)
    {
        var last = LastPart(name);
        return last.Length > 1 && last[0] == 'I' && char.IsUpper(last[1]) && !last.EndsWith("Context", StringComparison.Ordinal);
    }

    private void Add(SyntaxTree tree, ModelPart part)
    {
        var index = _parts.Count;
        _parts.Add((tree, part));
        if (part.Names is null)
        {
            Read(index);
            return;
        }
        foreach (var name in part.Names)
        {
            if (!_partsByName.TryGetValue(name, out var parts))
                _partsByName.Add(name, parts = []);
            parts.Add(index);
        }
    }

    private void Read(int index)
    {
        if (!_partsRead.Add(index))
            return;
        var (tree, part) = _parts[index];
        switch (_code.SymbolAt(tree, part.Span, _cancellation))
        {
            case IPropertySymbol { Type: INamedTypeSymbol { Name: "DbSet", TypeArguments: [INamedTypeSymbol entity] } } set when EntityModel.IsContext(set.ContainingType):
                if (!_sets.TryGetValue(entity, out var sets))
                    _sets.Add(entity, sets = []);
                sets.Add(set);
                break;
            case IMethodSymbol method when method.Name == "Configure" ? IsConfiguration(method.ContainingType) : EntityModel.IsContext(method.ContainingType):
                if (part.Facts is null)
                    ReadBody(method);
                else if (_read.Add(method.OriginalDefinition))
                    ReadFacts(tree, part.Span.Start, method, part.Facts);
                break;
        }
    }

    private void ReadFacts(SyntaxTree tree, int place, IMethodSymbol method, IReadOnlyList<EntityFact> facts)
    {
        var model = _code.ModelOf(tree);
        var root = tree.GetRoot(_cancellation);
        var text = tree.GetText(_cancellation);
        var entities = new Dictionary<string, ITypeSymbol?>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            var name = fact.Type is { } span ? text.ToString(span) : "";
            if (!entities.TryGetValue(name, out var entity))
                entities.Add(name, entity = fact.Type is { } type ? TypeAt(type) : EntityOf(method.Parameters[0].Type));
            if (entity is not INamedTypeSymbol { TypeKind: not TypeKind.Error } mapped)
                continue;
            _configured.Add(mapped);
            switch (fact.Kind)
            {
                case EntityFactKind.Table:
                    _explicitTables[mapped] = fact.Name!;
                    break;
                case EntityFactKind.Column:
                    NameColumn(mapped, fact.Property, fact.Name!);
                    break;
                case EntityFactKind.Filter when root.FindNode(fact.Call, getInnermostNodeForTie: true) is InvocationExpressionSyntax call && FilterSyntax.LambdaOf(call) is { } lambda:
                    var bound = new Lazy<IAnonymousFunctionOperation?>(() => model.GetOperation(call, default) is IInvocationOperation filter ? LambdaOf(filter) : null);
                    AddFilter(mapped, new(call, fact.Name, bound) { Compared = FilterSyntax.Compared(lambda, method.ContainingType) });
                    break;
            }
        }

        // As the declaration knows the name: in its body the whole of it would be bound.
        ITypeSymbol? TypeAt(TextSpan span) =>
            root.FindNode(span, getInnermostNodeForTie: true) is TypeSyntax named ? model.GetSpeculativeTypeInfo(place, named, SpeculativeBindingOption.BindAsTypeOrNamespace).Type : null;
    }

    private void ReadBody(IMethodSymbol method)
    {
        if (!_read.Add(method.OriginalDefinition) || _code.BodyOf(method.OriginalDefinition, _cancellation) is not { } body)
            return;
        // In the order in which they run: the first call of a chain ends first.
        foreach (var operation in body.Descendants().Where(operation => operation is IInvocationOperation or ISimpleAssignmentOperation).OrderBy(operation => operation.Syntax.Span.End))
        {
            switch (operation)
            {
                case IInvocationOperation call:
                    ReadCall(call);
                    break;
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "QueryFilter" } }:
                    HasUnreadFilters = true;
                    break;
            }
        }
    }

    private void ReadCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var receiver = call.Instance ?? (method.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);
        var entity = EntityOf(receiver?.Type);
        if (entity is INamedTypeSymbol configured)
            _configured.Add(configured);
        switch (method.Name)
        {
            case "Entity" when method.TypeArguments is [INamedTypeSymbol mapped]:
                _configured.Add(mapped);
                return;
            case "HasQueryFilter" when entity is not null:
                var name = call.Arguments.Select(argument => argument.Value.ConstantValue).FirstOrDefault(value => value is { HasValue: true, Value: string });
                if (call.Syntax is InvocationExpressionSyntax syntax)
                    AddFilter(entity, new(syntax, name is { HasValue: true } given ? (string?)given.Value : null, new(() => LambdaOf(call))));
                return;
            case "HasQueryFilter" or "SetQueryFilter" or "AddQueryFilter":
                HasUnreadFilters = true;
                return;
            case "ToTable" when entity is INamedTypeSymbol mapped && TextArgument(call) is { } table:
                _explicitTables[mapped] = table;
                return;
            case "HasColumnName" when TextArgument(call) is { } column && PropertyOf(receiver) is { } property:
                NameColumn(property.Entity, property.Name, column);
                return;
        }
        if (IsOwn(method))
        {
            if (++_followed <= MostFollowed)
                ReadBody(method);
            return;
        }
        // A library's way of setting filters (Finbuckle's IsMultiTenant, ABP): what it does is not known.
        if (!IsEntityFramework(method) && receiver?.Type is { } type)
        {
            if (entity is not null)
                _openTypes.Add(entity);
            else if (type.Name is "ModelBuilder" or "IMutableEntityType")
                HasUnreadFilters = true;
        }
        // Configured by reflection: `GetMethod(nameof(SetFilter)).MakeGenericMethod(type).Invoke(…)`.
        if (method.Name == "MakeGenericMethod")
            ReadNamedMethods(call);
    }

    // A generic method that is called by reflection holds for the types that fit its constraints.
    private void ReadNamedMethods(IInvocationOperation call)
    {
        IOperation root = call;
        while (root.Parent is not null)
            root = root.Parent;
        var owner = _code.ModelOf(call.Syntax.SyntaxTree).GetEnclosingSymbol(call.Syntax.SpanStart, _cancellation)?.ContainingType;
        if (owner is null)
        {
            HasUnreadFilters = true;
            return;
        }
        foreach (var member in owner.GetMembers())
        {
            if (member is IMethodSymbol { IsGenericMethod: true } generic)
                ReadBody(generic);
        }
    }

    private void NameColumn(INamedTypeSymbol entity, string property, string column)
    {
        if (!_columnNames.TryGetValue(entity, out var names))
            _columnNames.Add(entity, names = new(StringComparer.Ordinal));
        names[property] = column;
    }

    private static IAnonymousFunctionOperation? LambdaOf(IInvocationOperation filter) =>
        filter.Arguments.Select(argument => EntityQueries.LambdaOf(argument.Value)).FirstOrDefault(lambda => lambda is not null);

    private void AddFilter(ITypeSymbol type, QueryFilter filter)
    {
        if (!_filtersByType.TryGetValue(type, out var own))
        {
            _filtersByType.Add(type, own = []);
            if (type is ITypeParameterSymbol parameter)
                _filteredParameters.Add(parameter);
        }
        own.Add(_filters.Count);
        _filters.Add((type, filter));
    }

    private static void Insert(List<string> names, string name)
    {
        if (!names.Contains(name))
            names.Insert(0, name);
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

    private static string? AttributeName(ISymbol symbol, string attribute)
    {
        foreach (var data in symbol.GetAttributes())
        {
            if (data.AttributeClass?.Name == attribute && data.ConstructorArguments is [{ Value: string name }, ..])
                return name;
        }
        return null;
    }

    private static string? TextArgument(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Value.ConstantValue is { HasValue: true, Value: string text })
                return text;
        }
        return null;
    }

    // builder.Property(x => x.TenantId).HasColumnName("tenant_id")
    private static (INamedTypeSymbol Entity, string Name)? PropertyOf(IOperation? receiver)
    {
        while (receiver is IInvocationOperation call)
        {
            if (call.TargetMethod.Name == "Property" && EntityOf(call.Instance?.Type) is INamedTypeSymbol entity)
            {
                if (TextArgument(call) is { } name)
                    return (entity, name);
                var lambda = call.Arguments.Select(argument => EntityQueries.LambdaOf(argument.Value)).FirstOrDefault(found => found is not null);
                return lambda?.Descendants().OfType<IPropertyReferenceOperation>().FirstOrDefault() is { } property ? (entity, property.Property.Name) : null;
            }
            receiver = call.Instance ?? (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);
        }
        return null;
    }

    private static ITypeSymbol? EntityOf(ITypeSymbol? builder)
    {
        for (var current = builder as INamedTypeSymbol; current is not null; current = current.BaseType)
        {
            if (current is { Name: "EntityTypeBuilder", TypeArguments: [var entity] })
                return entity;
        }
        return null;
    }

    private static bool IsConfiguration(INamedTypeSymbol type)
    {
        foreach (var implemented in type.AllInterfaces)
        {
            if (implemented is { Name: "IEntityTypeConfiguration", TypeArguments.Length: 1 })
                return true;
        }
        return false;
    }

    private bool IsOwn(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _code.Compilation.Assembly);

    private static bool IsEntityFramework(IMethodSymbol method) => method.ContainingAssembly?.Name is { } assembly && IsLibrary(assembly);

    private static bool IsLibrary(string assembly) => assembly.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly.StartsWith("System", StringComparison.Ordinal)
        || assembly.StartsWith("Npgsql", StringComparison.Ordinal) || assembly is "netstandard" or "mscorlib" or "EFCore.NamingConventions" || assembly.StartsWith("Pomelo", StringComparison.Ordinal);
}

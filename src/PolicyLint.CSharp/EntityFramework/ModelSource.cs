using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Reads DbContexts and entity configurations as they stand in the code, before the catalog is asked.</summary>
internal sealed class ModelSource(CodeBase code, CancellationToken cancellation)
{
    private const int MostBodies = 2000;

    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);

    public bool HasContext { get; private set; }

    /// <summary>Filters are set on types that only the running program knows.</summary>
    public bool HasUnreadFilters { get; private set; }

    /// <summary>Names that an entity's table may have, the surest first.</summary>
    public Dictionary<INamedTypeSymbol, List<string>> TableNames { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The DbSet properties.</summary>
    public List<(INamedTypeSymbol Type, IPropertySymbol Property)> Sets { get; } = [];

    /// <summary>Columns by property where a name is given.</summary>
    public Dictionary<INamedTypeSymbol, Dictionary<string, string>> ColumnNames { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Filters and the type that they are for: a class or a type parameter.</summary>
    public List<(ITypeSymbol Type, QueryFilter Filter)> Filters { get; } = [];

    /// <summary>Types that get something whose effect is not known.</summary>
    public List<ITypeSymbol> OpenTypes { get; } = [];

    private Dictionary<INamedTypeSymbol, string> ExplicitTables { get; } = new(SymbolEqualityComparer.Default);

    public void Read()
    {
        var configurations = new List<INamedTypeSymbol>();
        foreach (var type in code.SourceTypes(cancellation))
        {
            if (EntityModel.IsContext(type))
                ReadContext(type);
            else if (IsConfiguration(type))
                configurations.Add(type);
        }
        if (!HasContext)
            return;
        foreach (var configuration in configurations)
        {
            foreach (var member in configuration.GetMembers("Configure"))
            {
                if (member is IMethodSymbol method)
                    ReadBody(method);
            }
        }
        foreach (var (type, property) in Sets)
            Name(type, property.Name);
        foreach (var type in TableNames.Keys.ToList())
        {
            Name(type, type.Name);
            Name(type, type.Name + "s");
            if (ExplicitTables.TryGetValue(type, out var table) || AttributeName(type, "TableAttribute") is { } named && (table = named) is not null)
                TableNames[type] = [table];
            ReadColumnAttributes(type);
        }
    }

    private void ReadContext(INamedTypeSymbol context)
    {
        HasContext = true;
        for (INamedTypeSymbol? current = context; current is not null; current = current.BaseType)
        {
            if (current.DeclaringSyntaxReferences.Length == 0 && current is not { Name: "DbContext" } && !current.Name.StartsWith("Identity", StringComparison.Ordinal) && current.SpecialType != SpecialType.System_Object)
                HasUnreadFilters = true;
        }
        foreach (var member in context.GetMembers())
        {
            if (member is IPropertySymbol { Type: INamedTypeSymbol { Name: "DbSet", TypeArguments: [INamedTypeSymbol entity] } } set)
                Sets.Add((entity, set));
            else if (member is IMethodSymbol { Name: "OnModelCreating" or "ConfigureConventions" } method)
                ReadBody(method);
        }
    }

    private void ReadBody(IMethodSymbol method)
    {
        if (!_read.Add(method.OriginalDefinition) || _read.Count > MostBodies || code.BodyOf(method.OriginalDefinition, cancellation) is not { } body)
            return;
        foreach (var operation in body.Descendants())
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
            Name(configured, configured.Name);
        switch (method.Name)
        {
            case "Entity" when method.TypeArguments is [INamedTypeSymbol mapped]:
                Name(mapped, mapped.Name);
                return;
            case "HasQueryFilter" when entity is not null:
                var arguments = method.IsExtensionMethod ? call.Arguments.Skip(1) : call.Arguments;
                var name = arguments.Select(argument => argument.Value.ConstantValue).FirstOrDefault(value => value is { HasValue: true, Value: string });
                Filters.Add((entity, new(call, name is { HasValue: true } given ? (string?)given.Value : null, arguments.Select(argument => EntityQueries.LambdaOf(argument.Value)).FirstOrDefault(lambda => lambda is not null))));
                return;
            case "HasQueryFilter" or "SetQueryFilter" or "AddQueryFilter":
                HasUnreadFilters = true;
                return;
            case "ToTable" when entity is INamedTypeSymbol mapped && TextArgument(call) is { } table:
                ExplicitTables[mapped] = table;
                return;
            case "HasColumnName" when TextArgument(call) is { } column && PropertyOf(receiver) is { } property:
                if (!ColumnNames.TryGetValue(property.Entity, out var names))
                    ColumnNames.Add(property.Entity, names = new(StringComparer.Ordinal));
                names[property.Name] = column;
                return;
        }
        if (IsOwn(method))
        {
            ReadBody(method);
            return;
        }
        // A library's way of setting filters (Finbuckle's IsMultiTenant, ABP): what it does is not known.
        if (!IsEntityFramework(method) && receiver?.Type is { } type)
        {
            if (entity is not null)
                OpenTypes.Add(entity);
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
        var owner = code.ModelOf(call.Syntax.SyntaxTree).GetEnclosingSymbol(call.Syntax.SpanStart, cancellation)?.ContainingType;
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

    private void Name(INamedTypeSymbol type, string table)
    {
        if (!TableNames.TryGetValue(type, out var names))
            TableNames.Add(type, names = []);
        if (!names.Contains(table))
            names.Insert(0, table);
    }

    private void ReadColumnAttributes(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is not IPropertySymbol || AttributeName(member, "ColumnAttribute") is not { } column)
                    continue;
                if (!ColumnNames.TryGetValue(type, out var names))
                    ColumnNames.Add(type, names = new(StringComparer.Ordinal));
                if (!names.ContainsKey(member.Name))
                    names.Add(member.Name, column);
            }
        }
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

    private bool IsOwn(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, code.Compilation.Assembly);

    private static bool IsEntityFramework(IMethodSymbol method)
    {
        var assembly = method.ContainingAssembly?.Name ?? "";
        return assembly.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly.StartsWith("System", StringComparison.Ordinal)
            || assembly.StartsWith("Npgsql", StringComparison.Ordinal) || assembly is "netstandard" or "mscorlib" or "EFCore.NamingConventions" || assembly.StartsWith("Pomelo", StringComparison.Ordinal);
    }
}

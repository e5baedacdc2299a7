using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Rules.Conventions;

/// <summary>The base class of user-scoped repositories.</summary>
/// <param name="Type">The class.</param>
/// <param name="IsConfigured">`csharp.repository-base` names it. Otherwise most repositories of the project derive from it, and it carries the user.</param>
internal sealed record ScopedBase(INamedTypeSymbol Type, bool IsConfigured)
{
    private const int FewestRepositories = 2;

    private static readonly string[] UserNames = ["userid", "tenantid", "ownerid", "accountid", "organizationid", "orgid", "user", "tenant", "owner", "currentuser", "currenttenant"];

    /// <summary>The base of the project; null where none is configured and none can be seen.</summary>
    public static ScopedBase? Find(ProjectAnalysis project, CancellationToken cancellation)
    {
        if (project.Options.CSharp.RepositoryBase is { Length: > 0 } required)
            return project.Code.Compilation.GetTypeByMetadataName(required) is { } configured ? new(configured, IsConfigured: true) : null;
        var repositories = project.Code.Compilation.GetSymbolsWithName(IsRepository, SymbolFilter.Type, cancellation).OfType<INamedTypeSymbol>().Where(type => type is { TypeKind: TypeKind.Class, IsAbstract: false }).ToList();
        var bases = new Dictionary<INamedTypeSymbol, int>(SymbolEqualityComparer.Default);
        foreach (var repository in repositories)
        {
            for (var current = repository.BaseType?.OriginalDefinition; current is { DeclaringSyntaxReferences.Length: > 0 }; current = current.BaseType?.OriginalDefinition)
            {
                if (current.IsAbstract && CarriesUser(current))
                    bases[current] = bases.TryGetValue(current, out var count) ? count + 1 : 1;
            }
        }
        var usual = bases.Where(candidate => candidate.Value >= FewestRepositories && candidate.Value * 2 > repositories.Count).Select(candidate => candidate.Key).ToList();
        return usual is [var only] ? new(only, IsConfigured: false) : null;
    }

    /// <summary>A class that reads and writes rows, by its name.</summary>
    public static bool IsRepository(string type) => type.EndsWith("Repository", StringComparison.Ordinal) || type.EndsWith("Store", StringComparison.Ordinal);

    /// <summary>The name of what says who the user is.</summary>
    public static bool IsUserName(string name) => Array.IndexOf(UserNames, name.TrimStart('_').Replace("_", "").ToLowerInvariant()) >= 0;

    /// <summary>The class derives from the base.</summary>
    public bool IsBaseOf(ITypeSymbol? type)
    {
        for (var current = type?.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, Type))
                return true;
        }
        return false;
    }

    /// <summary>The operation stands in a class that derives from the base.</summary>
    public bool Holds(ProjectAnalysis project, IOperation operation, CancellationToken cancellation) =>
        IsBaseOf(project.Code.ModelOf(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart, cancellation)?.ContainingType);

    private static bool CarriesUser(INamedTypeSymbol type) =>
        type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => IsUserName(parameter.Name)))
        || type.GetMembers().Any(member => member is IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false } && IsUserName(member.Name));
}

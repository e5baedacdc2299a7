using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A member that may map entities, as far as its syntax shows: a DbSet, the body of OnModelCreating, a Configure.</summary>
/// <param name="Span">The member.</param>
/// <param name="Names">The names of types in it: it says nothing of entities with other names. Null where it may speak of any.</param>
internal sealed record ModelPart(TextSpan Span, IReadOnlyCollection<string>? Names)
{
    /// <summary>All that the body of a method says; null where it has to be bound. A property has no body.</summary>
    public IReadOnlyList<EntityFact>? Facts { get; init; }

    // EF Core's own words, which say something of the entities that stand beside them and of no others.
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "ApplyConfiguration", "ApplyConfigurationsFromAssembly", "AreNullsDistinct", "AreUnicode", "AutoInclude", "ComplexProperty", "ExcludeFromMigrations", "HasAlternateKey", "HasAnnotation",
        "HasCheckConstraint", "HasCollation", "HasColumnName", "HasColumnOrder", "HasColumnType", "HasComment", "HasComputedColumnSql", "HasConstraintName", "HasConversion", "HasData", "HasDatabaseName", "HasDefaultSchema",
        "HasDefaultValue", "HasDefaultValueSql", "HasDiscriminator", "HasFilter", "HasForeignKey", "HasIndex", "HasKey", "HasMany", "HasMaxLength", "HasMethod", "HasName", "HasNoKey", "HasOne", "HasOperators", "HasPostgresEnum",
        "HasPostgresExtension", "HasPrecision", "HasPrincipalKey", "HasQueryFilter", "HasSequence", "HasTrigger", "HasValue", "HasValueGenerator", "HaveColumnType", "HaveConversion", "HaveMaxLength", "HavePrecision", "Ignore", "IncludeProperties",
        "IncrementsBy", "IsConcurrencyToken", "IsFixedLength", "IsRequired", "IsRowVersion", "IsUnicode", "IsUnique", "Navigation", "OnDelete", "OwnsMany", "OwnsOne", "PrimitiveCollection", "Properties", "Property",
        "StartsAt", "ToJson", "ToTable", "ToView", "UseCollation", "UseHiLo", "UseIdentityAlwaysColumn", "UseIdentityByDefaultColumn", "UseIdentityColumn", "UsePropertyAccessMode", "UseSerialColumn", "UsingEntity", "ValueGeneratedNever",
        "ValueGeneratedOnAdd", "ValueGeneratedOnAddOrUpdate", "ValueGeneratedOnUpdate", "WithMany", "WithOne", "WithOwner",
    };

    /// <summary>EF Core's own word.</summary>
    public static bool IsWord(string name) => name == "Entity" || Words.Contains(name);

    /// <summary>A DbSet; null for other properties.</summary>
    public static ModelPart? Of(PropertyDeclarationSyntax property, bool hasAliases) => Generic(property.Type) switch
    {
        { Identifier.ValueText: "DbSet", TypeArgumentList.Arguments: [var entity] } => new(property.Span, !hasAliases && Simple(entity) is { } name ? [name] : null) { Facts = [] },
        null when hasAliases && property.Type is NameSyntax => new(property.Span, null) { Facts = [] },
        _ => null,
    };

    /// <summary>What EF Core calls to make the model; null for other methods.</summary>
    public static ModelPart? Of(MethodDeclarationSyntax method, bool hasAliases)
    {
        if (method.ExplicitInterfaceSpecifier is not null)
            return null;
        var isModel = method.Identifier.ValueText switch
        {
            "OnModelCreating" or "ConfigureConventions" => true,
            "Configure" => method.ParameterList.Parameters is [{ Type: { } builder }] && (hasAliases || Generic(builder)?.Identifier.ValueText == "EntityTypeBuilder"),
            _ => false,
        };
        if (!isModel)
            return null;
        var names = hasAliases || IsGeneric(method) ? null : NamesIn(method);
        return new(method.Span, names) { Facts = names is null ? null : EntityFact.In(method) };
    }

    // Null where something stands in it that may reach further than the names beside it.
    private static HashSet<string>? NamesIn(MethodDeclarationSyntax method)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in method.DescendantNodes())
        {
            if (node is InvocationExpressionSyntax call && !IsKnown(call.Expression))
                return null;
            if (node is SimpleNameSyntax { Identifier.ValueText: "Model" or "Metadata" or "QueryFilter" })
                return null;
            // An entity is named by the type argument of its builder.
            if (node is SimpleNameSyntax name && name.FirstAncestorOrSelf<TypeArgumentListSyntax>() is not null)
                names.Add(name.Identifier.ValueText);
        }
        return names;
    }

    private static bool IsKnown(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax { Name: { Identifier.ValueText: "Entity" } entity } => entity is GenericNameSyntax,
        // What is overridden is a part of its own.
        MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax, Name.Identifier.ValueText: "OnModelCreating" or "ConfigureConventions" or "Configure" } => true,
        MemberAccessExpressionSyntax access => Words.Contains(access.Name.Identifier.ValueText),
        IdentifierNameSyntax name => name.Identifier.ValueText == "nameof",
        _ => false,
    };

    private static bool IsGeneric(MethodDeclarationSyntax method) =>
        method.TypeParameterList is not null || method.Ancestors().Any(outer => outer is TypeDeclarationSyntax { TypeParameterList: not null });

    private static GenericNameSyntax? Generic(TypeSyntax type) => type switch
    {
        GenericNameSyntax generic => generic,
        QualifiedNameSyntax { Right: GenericNameSyntax generic } => generic,
        NullableTypeSyntax nullable => Generic(nullable.ElementType),
        _ => null,
    };

    private static string? Simple(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        _ => null,
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolicyLint.Live.Catalog;

// What there is little of, one JSON document a row. Names in the documents are those of the properties in snake_case.

internal sealed record GrantDocument(string Privilege, string Grantee, bool WithGrantOption);

internal sealed record MembershipDocument(string Role, bool Inherits, bool WithAdmin);

internal sealed record RoleDocument(
    long Id, string Name, bool IsSuperuser, bool BypassesRowSecurity, bool CanLogin, bool Inherits, MembershipDocument[] Memberships);

internal sealed record SchemaDocument(string Name, string Owner, bool IsFromExtension, GrantDocument[] Grants);

internal sealed record ExtensionDocument(string Name);

internal sealed record DefaultPrivilegeDocument(string ForRole, string? Schema, string ObjectType, string Privilege, string Grantee, bool IsRevoke);

internal sealed record SearchPathDocument(string Value, string User);

internal sealed record FunctionDocument(
    string Schema,
    string Name,
    bool IsProcedure,
    string Owner,
    bool IsFromExtension,
    string Language,
    bool IsSecurityDefiner,
    char Volatility,
    bool IsLeakproof,
    bool IsStrict,
    string[] Settings,
    string Returns,
    bool ReturnsSet,
    int DefaultCount,
    ParameterDocument[] Parameters,
    string? Definition,
    string? Comment,
    GrantDocument[] Grants);

internal sealed record ParameterDocument(string Name, string Type, char Mode);

internal sealed record TypeDocument(
    string Schema, string Name, char Kind, string Owner, bool IsFromExtension, string[] Labels, string? BaseType, AttributeDocument[] Attributes);

internal sealed record AttributeDocument(string Name, string Type);

/// <summary>Reads the documents; the code that does it is generated, so that it costs no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RoleDocument))]
[JsonSerializable(typeof(SchemaDocument))]
[JsonSerializable(typeof(ExtensionDocument))]
[JsonSerializable(typeof(DefaultPrivilegeDocument))]
[JsonSerializable(typeof(SearchPathDocument))]
[JsonSerializable(typeof(FunctionDocument))]
[JsonSerializable(typeof(TypeDocument))]
internal sealed partial class CatalogJson : JsonSerializerContext;

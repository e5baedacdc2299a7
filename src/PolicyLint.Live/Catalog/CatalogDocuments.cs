using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolicyLint.Live.Catalog;

// What the queries in Queries/*.sql answer, one document a row. Names in the documents are those of the properties in snake_case.

internal sealed record IdDocument(string Schema, string Name);

internal sealed record OwningColumnDocument(string Schema, string Name, string Column);

internal sealed record GrantDocument(string Privilege, string Grantee, bool WithGrantOption);

internal sealed record MembershipDocument(string Role, bool Inherits, bool WithAdmin);

internal sealed record RoleDocument(
    string Name, bool IsSuperuser, bool BypassesRowSecurity, bool CanLogin, bool Inherits, MembershipDocument[] Memberships);

internal sealed record SchemaDocument(string Name, string Owner, bool IsFromExtension, GrantDocument[] Grants);

internal sealed record ExtensionDocument(string Name);

internal sealed record DefaultPrivilegeDocument(string ForRole, string? Schema, string ObjectType, string Privilege, string Grantee, bool IsRevoke);

internal sealed record SearchPathDocument(string Value, string User);

internal sealed record RelationDocument(
    long Id,
    string Schema,
    string Name,
    char Kind,
    char Persistence,
    string Owner,
    bool IsFromExtension,
    bool RowSecurityEnabled,
    bool RowSecurityForced,
    bool IsPartition,
    string[] Options,
    string? Definition,
    string? Comment,
    OwningColumnDocument? OwnedBy,
    IdDocument[] Parents,
    GrantDocument[] Grants,
    ColumnDocument[] Columns);

internal sealed record ColumnDocument(
    string Name, string Type, bool IsNotNull, bool IsGenerated, bool IsIdentity, string? Default, GrantDocument[] Grants);

internal sealed record ConstraintDocument(
    long Relation,
    string Name,
    char Type,
    string[] Columns,
    string? ReferencedSchema,
    string? ReferencedName,
    string[] ReferencedColumns,
    char OnDelete,
    char OnUpdate,
    string? Condition,
    bool IsValidated,
    bool NullsNotDistinct);

internal sealed record IndexDocument(
    long Relation,
    string Name,
    IndexKeyDocument[] Keys,
    string[] Include,
    bool IsUnique,
    bool IsValid,
    string Method,
    string? Predicate,
    bool NullsNotDistinct,
    string? Constraint);

internal sealed record IndexKeyDocument(string? Column, string? Expression);

internal sealed record PolicyDocument(
    long Relation, string Name, char Command, bool IsPermissive, string[] Roles, string? Using, string? WithCheck, string? Comment);

internal sealed record TriggerDocument(
    long Relation, string Name, int Type, string[] Columns, bool IsEnabled, string FunctionSchema, string FunctionName);

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
[JsonSerializable(typeof(RelationDocument))]
[JsonSerializable(typeof(ConstraintDocument))]
[JsonSerializable(typeof(IndexDocument))]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(TriggerDocument))]
[JsonSerializable(typeof(FunctionDocument))]
[JsonSerializable(typeof(TypeDocument))]
internal sealed partial class CatalogJson : JsonSerializerContext;

using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Catalog;

/// <summary>What schemas.sql answers.</summary>
internal sealed class SchemaEntries
{
    private readonly Dictionary<string, Schema> schemas = new(StringComparer.Ordinal);
    private readonly List<string> extensions = [];
    private readonly List<DefaultPrivilege> defaultPrivileges = [];

    public SchemaEntries(PlatformSql platform, ILookup<string, Entry> entries)
    {
        foreach (var entry in entries["schema"])
            Add(entry.Read(CatalogJson.Default.SchemaDocument), platform);
        foreach (var entry in entries["extension"])
            extensions.Add(entry.Read(CatalogJson.Default.ExtensionDocument).Name);
        foreach (var entry in entries["default_privilege"])
            Add(entry.Read(CatalogJson.Default.DefaultPrivilegeDocument));
        foreach (var entry in entries["search_path"])
        {
            var document = entry.Read(CatalogJson.Default.SearchPathDocument);
            SearchPath = Live.Catalog.SearchPath.Parse(document.Value, document.User, schemas.ContainsKey);
        }
    }

    public IReadOnlyDictionary<string, Schema> Schemas => schemas;

    public IReadOnlyCollection<string> Extensions => extensions;

    public IReadOnlyList<DefaultPrivilege> DefaultPrivileges => defaultPrivileges;

    public IReadOnlyList<string> SearchPath { get; } = [];

    private void Add(SchemaDocument document, PlatformSql platform)
    {
        var origin = Origin.Live($"schema {document.Name}");
        schemas.Add(document.Name, new Schema
        {
            Name = document.Name,
            Owner = document.Owner,
            Grants = Privileges.Of(document.Grants, origin),
            IsForeignOwned = document.IsFromExtension || platform.Schemas.Contains(document.Name),
            CreatedAt = origin,
        });
    }

    private void Add(DefaultPrivilegeDocument document)
    {
        var where = document.Schema is null ? "" : $" in schema {document.Schema}";
        defaultPrivileges.Add(new DefaultPrivilege(
            document.ForRole, document.Schema, document.ObjectType, document.Privilege, document.Grantee, document.IsRevoke,
            Origin.Live($"default privileges for role {document.ForRole}{where}")));
    }
}

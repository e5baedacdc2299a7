using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Catalog;

/// <summary>What schemas.sql answers.</summary>
internal sealed class SchemaEntries
{
    private readonly Dictionary<string, Schema> schemas = new(StringComparer.Ordinal);
    private readonly List<string> extensions = [];
    private readonly List<DefaultPrivilege> defaultPrivileges = [];

    public SchemaEntries(PlatformSql platform, IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case "schema":
                    Add(entry.Read(CatalogJson.Default.SchemaDocument), platform);
                    break;

                case "extension":
                    extensions.Add(entry.Read(CatalogJson.Default.ExtensionDocument).Name);
                    break;

                case "default_privilege":
                    Add(entry.Read(CatalogJson.Default.DefaultPrivilegeDocument));
                    break;

                case "search_path":
                    // Last in the query's order, so that the schemas are known.
                    var document = entry.Read(CatalogJson.Default.SearchPathDocument);
                    SearchPath = Live.Catalog.SearchPath.Parse(document.Value, document.User, schemas.ContainsKey);
                    break;
            }
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

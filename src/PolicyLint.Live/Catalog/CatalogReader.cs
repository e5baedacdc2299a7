using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Catalog;

/// <summary>Reads the catalog of a server in six queries, whatever its size.</summary>
public static class CatalogReader
{
    /// <summary>Reads everything that the catalog model holds, except what lies in PostgreSQL's own schemas.</summary>
    /// <param name="session">Where from.</param>
    /// <param name="platform">Tells the platform's objects from the project's; null to see it from the roles and functions that are there.</param>
    /// <param name="cancellationToken">Cancels the queries on the server too.</param>
    /// <exception cref="SessionException">A query failed.</exception>
    public static async Task<CatalogReading> ReadAsync(
        SafeSession session, PlatformSql? platform = null, CancellationToken cancellationToken = default)
    {
        var roles = await DocumentsAsync(session, "roles", CatalogJson.Default.RoleDocument, cancellationToken).ConfigureAwait(false);
        var schemas = await EntriesAsync(session, "schemas", cancellationToken).ConfigureAwait(false);
        var relations = await DocumentsAsync(session, "relations", CatalogJson.Default.RelationDocument, cancellationToken).ConfigureAwait(false);
        var parts = await EntriesAsync(session, "parts", cancellationToken).ConfigureAwait(false);
        var functions = await DocumentsAsync(session, "functions", CatalogJson.Default.FunctionDocument, cancellationToken).ConfigureAwait(false);
        var types = await DocumentsAsync(session, "types", CatalogJson.Default.TypeDocument, cancellationToken).ConfigureAwait(false);

        platform ??= PlatformOf(roles, functions);
        var sql = new LiveSql();
        var objects = new CatalogObjects(sql, platform);
        var rest = new SchemaEntries(platform, schemas);
        var catalog = new DatabaseCatalog
        {
            Relations = new RelationAssembly(sql, platform, parts).Relations(relations),
            Functions = objects.Functions(functions),
            Types = objects.Types(types),
            Roles = objects.Roles(roles),
            Schemas = rest.Schemas,
            Extensions = rest.Extensions,
            DefaultPrivileges = rest.DefaultPrivileges,
            SearchPath = rest.SearchPath,
            Platform = platform.Name,
            IsLive = true,
        };
        return new CatalogReading(catalog, sql.Issues);
    }

    private static PlatformSql PlatformOf(IReadOnlyList<RoleDocument> roles, IReadOnlyList<FunctionDocument> functions)
    {
        string[] api = ["anon", "authenticated", "service_role"];
        return api.All(name => roles.Any(role => role.Name == name)) && functions.Any(static f => f.Schema == "auth" && f.Name == "uid")
            ? PlatformSql.Supabase
            : PlatformSql.Plain;
    }

    private static Task<IReadOnlyList<T>> DocumentsAsync<T>(
        SafeSession session, string query, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        session.QueryAsync(
            ResourceText.Read($"Catalog/Queries/{query}.sql"), row => JsonSerializer.Deserialize(row.GetString(0), type)!, cancellationToken);

    private static Task<IReadOnlyList<Entry>> EntriesAsync(SafeSession session, string query, CancellationToken cancellationToken) =>
        session.QueryAsync(
            ResourceText.Read($"Catalog/Queries/{query}.sql"), static row => new Entry(row.GetString(0), row.GetString(1)), cancellationToken);
}

/// <summary>A row of a query whose rows are of several kinds.</summary>
/// <param name="Kind">Which document it is.</param>
/// <param name="Document">JSON.</param>
internal readonly record struct Entry(string Kind, string Document)
{
    public T Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Document, type)!;
}

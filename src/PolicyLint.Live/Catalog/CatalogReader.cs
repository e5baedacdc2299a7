using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Catalog;

/// <summary>Reads the catalog of a server in six queries, whatever its size: five over the catalog, and one that asks whether it is worth two connections.</summary>
public static class CatalogReader
{
    // A second connection takes longer to open than to read a small catalog.
    private const string EnoughForTwo = "(select count(*) from pg_policy) > 1000";

    /// <summary>Reads everything that the catalog model holds, except what lies in PostgreSQL's own schemas.</summary>
    /// <param name="session">Where from.</param>
    /// <param name="platform">Tells the platform's objects from the project's; null to see it from the roles and functions that are there.</param>
    /// <param name="cancellationToken">Cancels the queries on the server too.</param>
    /// <exception cref="SessionException">A query failed.</exception>
    public static async Task<CatalogReading> ReadAsync(
        SafeSession session, PlatformSql? platform = null, CancellationToken cancellationToken = default)
    {
        var twin = await session.TryOpenTwinAsync(EnoughForTwo, cancellationToken).ConfigureAwait(false);
        try
        {
            // The server prints policies on one connection while the other reads the rest: the two take about the same time.
            var printed = twin is null ? null : PrintedAsync(twin, cancellationToken);
            var relations = RelationsAsync(session, cancellationToken);
            await Task.WhenAll(relations, printed ?? Task.CompletedTask).ConfigureAwait(false);
            return Assemble(await relations.ConfigureAwait(false), await (printed ?? PrintedAsync(session, cancellationToken)).ConfigureAwait(false), platform);
        }
        finally
        {
            if (twin is not null)
                await twin.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static CatalogReading Assemble(RelationRows rows, PrintedRows printed, PlatformSql? platform)
    {
        var entries = printed.Entries.ToLookup(static entry => entry.Kind);
        var roles = Documents(entries, "role", CatalogJson.Default.RoleDocument);
        var functions = Documents(entries, "function", CatalogJson.Default.FunctionDocument);
        platform ??= PlatformOf(roles, functions);
        var sql = new LiveSql();
        var objects = new CatalogObjects(sql, platform);
        var rest = new SchemaEntries(platform, entries);
        var catalog = new DatabaseCatalog
        {
            Relations = new RelationAssembly(sql, platform, roles, rows, printed.Policies).Relations(),
            Functions = objects.Functions(functions),
            Types = objects.Types(Documents(entries, "type", CatalogJson.Default.TypeDocument)),
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

    private static async Task<RelationRows> RelationsAsync(SafeSession session, CancellationToken cancellationToken) => new(
        await session.QueryAsync(Query("relations"), RelationRow.Read, cancellationToken).ConfigureAwait(false),
        await session.QueryAsync(Query("columns"), ColumnRow.Read, cancellationToken).ConfigureAwait(false),
        await session.QueryAsync(Query("parts"), PartRow.Read, cancellationToken).ConfigureAwait(false));

    private static async Task<PrintedRows> PrintedAsync(SafeSession session, CancellationToken cancellationToken) => new(
        await session.QueryAsync(Query("policies"), PolicyRow.Read, cancellationToken).ConfigureAwait(false),
        await session.QueryAsync(
            $"""
            select kind, document
            from (
            {string.Join("union all\n", new[] { "roles", "schemas", "functions", "types" }.Select(Query))}
            ) entries
            order by kind, name collate "C", id, document
            """,
            static row => new Entry(row.GetString(0), row.GetString(1)),
            cancellationToken).ConfigureAwait(false));

    private static string Query(string name) => ResourceText.Read($"Catalog/Queries/{name}.sql");

    private static List<T> Documents<T>(ILookup<string, Entry> entries, string kind, JsonTypeInfo<T> type) =>
        [.. entries[kind].Select(entry => entry.Read(type))];
}

/// <summary>What is read of relations but for their policies.</summary>
internal sealed record RelationRows(IReadOnlyList<RelationRow> Relations, IReadOnlyList<ColumnRow> Columns, IReadOnlyList<PartRow> Parts);

/// <summary>What costs the server the printing of expressions and bodies.</summary>
internal sealed record PrintedRows(IReadOnlyList<PolicyRow> Policies, IReadOnlyList<Entry> Entries);

/// <summary>A row of a query whose rows are of several kinds.</summary>
/// <param name="Kind">Which document it is.</param>
/// <param name="Document">JSON.</param>
internal readonly record struct Entry(string Kind, string Document)
{
    public T Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Document, type)!;
}

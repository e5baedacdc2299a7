namespace PolicyLint.Core.Catalog;

/// <summary>The system catalogs and the information schema of PostgreSQL 15 to 18: relations and their columns.</summary>
public static partial class SystemCatalogs
{
    private static readonly Dictionary<string, HashSet<string>> PgCatalogColumns = Read(PgCatalog);
    private static readonly Dictionary<string, HashSet<string>> InformationSchemaColumns = Read(InformationSchema);

    /// <summary>The columns of a system relation in any of these versions; null where the relation is not known.</summary>
    /// <param name="schema">`pg_catalog`, `information_schema`, or null for a name that is found through the search path.</param>
    /// <param name="name">The relation.</param>
    public static IReadOnlyCollection<string>? FindColumns(string? schema, string name)
    {
        var relations = schema switch
        {
            null or "pg_catalog" => PgCatalogColumns,
            "information_schema" => InformationSchemaColumns,
            _ => null,
        };
        return relations is not null && relations.TryGetValue(name, out var columns) ? columns : null;
    }

    private static Dictionary<string, HashSet<string>> Read(string text)
    {
        var relations = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var line in text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var blank = line.IndexOf(' ');
            relations.Add(line.Substring(0, blank), new(line.Substring(blank + 1).Split(','), StringComparer.Ordinal));
        }
        return relations;
    }
}

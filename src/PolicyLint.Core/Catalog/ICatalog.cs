using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>
/// What a database holds at one point: the state in the middle of a replay, its end, or a live server's.
/// Every object is immutable, so what a rule holds stays as it was.
/// </summary>
public interface ICatalog
{
    /// <summary>Tables, views and sequences.</summary>
    IReadOnlyDictionary<QualifiedId, Relation> Relations { get; }

    /// <summary>Functions by name, overloads in order of creation.</summary>
    IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions { get; }

    IReadOnlyDictionary<string, Schema> Schemas { get; }

    IReadOnlyDictionary<string, Role> Roles { get; }

    IReadOnlyDictionary<QualifiedId, UserType> Types { get; }

    IReadOnlyList<DefaultPrivilege> DefaultPrivileges { get; }

    /// <summary>Names of the extensions created.</summary>
    IReadOnlyCollection<string> Extensions { get; }

    /// <summary>Schemas searched for unqualified names, in order; pg_catalog is searched first and not listed.</summary>
    IReadOnlyList<string> SearchPath { get; }

    /// <summary>
    /// Statements whose effect is not known and that may have changed anything: absence of an object proves nothing after one.
    /// Those that name what they touch taint it instead (<see cref="Relation.Taints"/>).
    /// </summary>
    IReadOnlyList<Origin> UnknownEffects { get; }

    /// <summary>plain or supabase.</summary>
    string Platform { get; }

    /// <summary>The catalog was read from a server, so what is not in it does not exist.</summary>
    bool IsLive { get; }
}

/// <summary>Look-ups that follow the search path.</summary>
public static class CatalogLookup
{
    /// <summary>The relation that a name in a statement means, or null. System catalogs are not listed here.</summary>
    public static Relation? FindRelation(this ICatalog catalog, ObjectName name)
    {
        if (name.Schema is { } schema)
            return catalog.Relations.TryGetValue(IdIn(catalog, schema, name), out var qualified) ? qualified : null;
        var path = catalog.SearchPath;
        for (var i = 0; i < path.Count; i++)
        {
            if (catalog.Relations.TryGetValue(IdIn(catalog, path[i], name), out var relation))
                return relation;
        }
        return null;
    }

    private static QualifiedId IdIn(ICatalog catalog, string schema, ObjectName name) =>
        catalog is CatalogState state ? state.IdOf(schema, name.Name.Text) : new(schema, name.Name.Text);

    /// <summary>The table that a name in a statement means, or null.</summary>
    public static Table? FindTable(this ICatalog catalog, ObjectName name) => catalog.FindRelation(name) as Table;

    /// <summary>The overloads that a function name in a statement means; empty where none is known.</summary>
    public static IReadOnlyList<Function> FindFunctions(this ICatalog catalog, ObjectName name)
    {
        if (name.Schema is { } schema)
            return catalog.Functions.TryGetValue(new(schema, name.Name.Text), out var qualified) ? qualified : [];
        var path = catalog.SearchPath;
        for (var i = 0; i < path.Count; i++)
        {
            if (catalog.Functions.TryGetValue(new(path[i], name.Name.Text), out var functions))
                return functions;
        }
        return [];
    }

    /// <summary>All tables in order of their qualified names, so that what is made of them is the same at every run.</summary>
    public static IReadOnlyList<Table> TablesInOrder(this ICatalog catalog) => catalog is DatabaseCatalog known ? known.TablesInOrder : OrderedTables(catalog);

    internal static IReadOnlyList<Table> OrderedTables(ICatalog catalog)
    {
        var tables = new List<Table>(catalog.Relations.Count);
        foreach (var relation in catalog.Relations.Values)
        {
            if (relation is Table table)
                tables.Add(table);
        }
        tables.Sort(static (a, b) => CompareIds(a.Id, b.Id));
        return tables;
    }

    /// <summary>All views in order of their qualified names.</summary>
    public static IReadOnlyList<View> ViewsInOrder(this ICatalog catalog)
    {
        var views = new List<View>();
        foreach (var relation in catalog.Relations.Values)
        {
            if (relation is View view)
                views.Add(view);
        }
        views.Sort(static (a, b) => CompareIds(a.Id, b.Id));
        return views;
    }

    /// <summary>All functions in order of their qualified names, overloads in order of creation.</summary>
    public static IReadOnlyList<Function> FunctionsInOrder(this ICatalog catalog)
    {
        var ids = new List<QualifiedId>(catalog.Functions.Keys);
        ids.Sort(CompareIds);
        var functions = new List<Function>();
        foreach (var id in ids)
            functions.AddRange(catalog.Functions[id]);
        return functions;
    }

    /// <summary>Orders by schema, then name, ordinal.</summary>
    public static int CompareIds(QualifiedId left, QualifiedId right)
    {
        var bySchema = string.CompareOrdinal(left.Schema, right.Schema);
        return bySchema != 0 ? bySchema : string.CompareOrdinal(left.Name, right.Name);
    }
}

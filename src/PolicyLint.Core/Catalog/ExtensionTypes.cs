namespace PolicyLint.Core.Catalog;

/// <summary>Types that well-known extensions bring, to know which schema an unqualified name of theirs lies in.</summary>
internal static class ExtensionTypes
{
    private static readonly Dictionary<string, string> s_owners = new(StringComparer.Ordinal)
    {
        ["citext"] = "citext",
        ["hstore"] = "hstore",
        ["ltree"] = "ltree",
        ["lquery"] = "ltree",
        ["ltxtquery"] = "ltree",
        ["cube"] = "cube",
        ["vector"] = "vector",
        ["halfvec"] = "vector",
        ["sparsevec"] = "vector",
        ["geometry"] = "postgis",
        ["geography"] = "postgis",
        ["box2d"] = "postgis",
        ["box3d"] = "postgis",
        ["isbn"] = "isn",
        ["ean13"] = "isn",
        ["semver"] = "semver",
    };

    /// <summary>The extension that has the type, or null.</summary>
    public static string? Owner(string type) => s_owners.TryGetValue(type, out var extension) ? extension : null;
}

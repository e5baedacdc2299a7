using PolicyLint.Core.Catalog;

namespace PolicyLint.Live.Catalog;

internal static class Privileges
{
    /// <summary>The grants with their origin: the object itself, which is where a live database keeps them.</summary>
    public static IReadOnlyList<Grant> Of(GrantDocument[] documents, Origin origin) =>
        Array.ConvertAll(documents, document => new Grant(document.Privilege, document.Grantee, document.WithGrantOption, origin));
}

using System.Text;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Live.Catalog;

/// <summary>
/// Grants as documents name them, and as the catalog keeps them: <c>grantee=privileges/grantor</c> (manual 5.7). Tables by the thousand have
/// the same ones, so each list is read once.
/// </summary>
internal sealed class Privileges
{
    private readonly Dictionary<(string Items, string Owner), GrantDocument[]> known = [];

    /// <summary>The grants with their origin: the object itself, which is where a live database keeps them.</summary>
    public static IReadOnlyList<Grant> Of(GrantDocument[] documents, Origin origin) =>
        Array.ConvertAll(documents, document => new Grant(document.Privilege, document.Grantee, document.WithGrantOption, origin));

    /// <summary>The grants of an access control list to others than the owner.</summary>
    public IReadOnlyList<Grant> Of(string[] items, string owner, Origin origin)
    {
        if (items.Length == 0)
            return [];

        var key = (string.Join('\n', items), owner);
        if (!known.TryGetValue(key, out var documents))
            known.Add(key, documents = Read(items, owner));

        return Of(documents, origin);
    }

    private static GrantDocument[] Read(string[] items, string owner)
    {
        var grants = new SortedDictionary<(string Grantee, string Privilege), bool>(Comparer<(string Grantee, string Privilege)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Grantee, b.Grantee) is not 0 and var order ? order : string.CompareOrdinal(a.Privilege, b.Privilege)));
        foreach (var item in items)
        {
            var i = 0;
            var grantee = GranteeOf(item, ref i);
            if (grantee == owner)
                continue;

            while (++i < item.Length && item[i] != '/')
            {
                if (WordOf(item[i]) is not { } privilege)
                    continue;

                var withGrantOption = i + 1 < item.Length && item[i + 1] == '*';
                grants[(grantee, privilege)] = withGrantOption || (grants.TryGetValue((grantee, privilege), out var before) && before);
            }
        }

        return [.. grants.Select(static grant => new GrantDocument(grant.Key.Privilege, grant.Key.Grantee, grant.Value))];
    }

    // Ends at the equals sign. A name that is not of letters, digits and underscores stands in quotes (acl.c, putid); PUBLIC is empty.
    private static string GranteeOf(string item, ref int i)
    {
        if (item[0] != '"')
        {
            i = item.IndexOf('=', StringComparison.Ordinal);
            return i == 0 ? "public" : item[..i];
        }

        var name = new StringBuilder();
        for (i = 1; item[i] != '"' || item[++i] == '"'; i++)
            name.Append(item[i]);

        return name.ToString();
    }

    private static string? WordOf(char letter) => letter switch
    {
        'r' => "select",
        'a' => "insert",
        'w' => "update",
        'd' => "delete",
        'D' => "truncate",
        'x' => "references",
        't' => "trigger",
        'm' => "maintain",
        'U' => "usage",
        _ => null,
    };
}

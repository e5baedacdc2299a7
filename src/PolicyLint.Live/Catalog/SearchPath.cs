using System.Text;

namespace PolicyLint.Live.Catalog;

/// <summary>The value of search_path: names with commas between, folded to lower case unless quoted (varlena.c, SplitIdentifierString).</summary>
internal static class SearchPath
{
    /// <summary>The schemas in order, <c>$user</c> replaced by the user's name where there is such a schema and left out otherwise.</summary>
    public static IReadOnlyList<string> Parse(string value, string user, Func<string, bool> exists)
    {
        var names = new List<string>();
        for (var i = 0; i < value.Length;)
        {
            if (value[i] == ',' || char.IsWhiteSpace(value[i]))
            {
                i++;
                continue;
            }

            var name = value[i] == '"' ? Quoted(value, ref i) : Plain(value, ref i);
            if (name == "$user")
                name = user;
            else if (name.Length == 0)
                continue;

            if (exists(name) && !names.Contains(name))
                names.Add(name);
        }

        return names;
    }

    private static string Plain(string value, ref int i)
    {
        var start = i;
        while (i < value.Length && value[i] != ',' && !char.IsWhiteSpace(value[i]))
            i++;

        return value[start..i].ToLowerInvariant();
    }

    private static string Quoted(string value, ref int i)
    {
        var name = new StringBuilder();
        for (i++; i < value.Length; i++)
        {
            if (value[i] != '"')
            {
                name.Append(value[i]);
                continue;
            }

            i++;
            if (i >= value.Length || value[i] != '"')
                break;

            name.Append('"');
        }

        return name.ToString();
    }
}

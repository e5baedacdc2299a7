namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Changed copies of the small lists that the catalog's records hold.</summary>
/// <remarks>By index: an enumerator of an interface is an object each time.</remarks>
internal static class Lists
{
    public static IReadOnlyList<T> With<T>(IReadOnlyList<T> list, T item)
    {
        var copy = new T[list.Count + 1];
        for (var i = 0; i < list.Count; i++)
            copy[i] = list[i];
        copy[list.Count] = item;
        return copy;
    }

    public static IReadOnlyList<T> WithAll<T>(IReadOnlyList<T> list, IReadOnlyList<T> items)
    {
        if (items.Count == 0)
            return list;
        var copy = new List<T>(list.Count + items.Count);
        copy.AddRange(list);
        copy.AddRange(items);
        return copy;
    }

    /// <summary>The list with one element changed or, where <paramref name="replacement"/> is null, left out.</summary>
    public static IReadOnlyList<T> Replace<T>(IReadOnlyList<T> list, T item, T? replacement)
        where T : class
    {
        var copy = new List<T>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            if (!ReferenceEquals(list[i], item))
                copy.Add(list[i]);
            else if (replacement is not null)
                copy.Add(replacement);
        }
        return copy;
    }

    /// <summary>Each element mapped; the same list where none changed, elements mapped to null left out.</summary>
    public static IReadOnlyList<T> Map<T>(IReadOnlyList<T> list, Func<T, T?> map)
        where T : class
    {
        List<T>? changed = null;
        for (var i = 0; i < list.Count; i++)
        {
            var mapped = map(list[i]);
            if (changed is null && ReferenceEquals(mapped, list[i]))
                continue;
            if (changed is null)
            {
                changed = new(list.Count);
                for (var j = 0; j < i; j++)
                    changed.Add(list[j]);
            }
            if (mapped is not null)
                changed.Add(mapped);
        }
        return changed ?? list;
    }

    public static bool Has(IReadOnlyList<string> list, string name)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (string.Equals(list[i], name, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    public static bool AreEqual(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!string.Equals(left[i], right[i], StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    public static IReadOnlyList<string> Texts(IReadOnlyList<Sql.Tree.Name> names)
    {
        if (names.Count == 0)
            return [];
        var texts = new string[names.Count];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = names[i].Text;
        return texts;
    }
}

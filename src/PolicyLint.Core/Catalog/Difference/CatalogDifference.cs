namespace PolicyLint.Core.Catalog.Difference;

/// <summary>One thing that two catalogs do not agree on.</summary>
/// <param name="Object">What it is: `policy p on public.t`, `column id of public.t`.</param>
/// <param name="Left">What the first catalog says of it; null where it has it not.</param>
/// <param name="Right">What the second says.</param>
public sealed record CatalogDisagreement(string Object, string? Left, string? Right)
{
    /// <summary>`policy p on public.t: … | …`</summary>
    public override string ToString() => $"{Object}: {Left ?? "(none)"} | {Right ?? "(none)"}";
}

/// <summary>
/// Compares two catalogs: objects, columns, row-level security, policies, indexes, constraints, views, functions, types and privileges. Origins do
/// not count; what one of the two does not know is passed over.
/// </summary>
public static class CatalogDifference
{
    /// <summary>The disagreements in order of the objects' names.</summary>
    public static IReadOnlyList<CatalogDisagreement> Between(ICatalog left, ICatalog right)
    {
        var scope = new ComparedObjects(left, right);
        var leftFacts = new CatalogFacts(left, scope).Collect();
        var rightFacts = new CatalogFacts(right, scope).Collect();
        var differences = new List<CatalogDisagreement>();
        foreach (var fact in leftFacts)
        {
            var other = rightFacts.TryGetValue(fact.Key, out var value) ? value : null;
            if (other != fact.Value && !AreOpen(fact.Value, other))
                differences.Add(new(fact.Key, fact.Value, other));
        }
        foreach (var fact in rightFacts)
        {
            if (!leftFacts.ContainsKey(fact.Key))
                differences.Add(new(fact.Key, null, fact.Value));
        }
        differences.Sort(static (a, b) => string.CompareOrdinal(a.Object, b.Object));
        return differences;
    }

    // A type that could not be derived agrees with any.
    private static bool AreOpen(string left, string? right) => right is not null && (left == CatalogFacts.UnknownType || right == CatalogFacts.UnknownType);
}

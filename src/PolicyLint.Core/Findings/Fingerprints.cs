using System.Globalization;

namespace PolicyLint.Core.Findings;

/// <summary>Orders findings and gives each its fingerprint: made of rule and subject, never of lines or wording.</summary>
public static class Fingerprints
{
    private const ulong Start = 14695981039346656037UL;

    /// <summary>The findings in order of path, place and rule, at most so many of one rule.</summary>
    public static IReadOnlyList<Finding> Assign(List<Finding> findings, int mostPerRule = int.MaxValue)
    {
        findings.Sort(ByPlace);
        var occurrences = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var perRule = new Dictionary<string, int>(StringComparer.Ordinal);
        var result = new List<Finding>(findings.Count);
        foreach (var finding in findings)
        {
            perRule.TryGetValue(finding.Rule.Id, out var count);
            perRule[finding.Rule.Id] = ++count;
            if (count > mostPerRule)
                continue;
            var key = Hash(Hash(Hash(Hash(Hash(Start, "v1|"), finding.Rule.Id), "|"), finding.Subject), "|");
            if (!occurrences.TryGetValue(finding.Rule.Id, out var ofRule))
                occurrences.Add(finding.Rule.Id, ofRule = new(StringComparer.Ordinal));
            ofRule.TryGetValue(finding.Subject, out var occurrence);
            ofRule[finding.Subject] = occurrence + 1;
            result.Add(finding with { Fingerprint = Hash(key, occurrence.ToString(CultureInfo.InvariantCulture)).ToString("x16", CultureInfo.InvariantCulture) });
        }
        return result;
    }

    private static int ByPlace(Finding left, Finding right)
    {
        var order = string.CompareOrdinal(left.Location.Path, right.Location.Path);
        if (order == 0)
            order = left.Location.Span.Start.CompareTo(right.Location.Span.Start);
        if (order == 0)
            order = string.CompareOrdinal(left.Rule.Id, right.Rule.Id);
        return order != 0 ? order : string.CompareOrdinal(left.Subject, right.Subject);
    }

    // FNV-1a, 64 bits: the same on every platform and version.
    private static ulong Hash(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = unchecked((hash ^ (byte)c) * 1099511628211UL);
            hash = unchecked((hash ^ (byte)(c >> 8)) * 1099511628211UL);
        }
        return hash;
    }
}

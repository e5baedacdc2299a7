using System.Globalization;

namespace PolicyLint.CSharp;

/// <summary>Counts the answers of the places of a project. It serves all threads.</summary>
public sealed class CoverageCount
{
    private readonly object _lock = new();
    private readonly int[] _counts = new int[6];
    private readonly Dictionary<string, int> _reasons = new(StringComparer.Ordinal);

    /// <summary>No place was counted.</summary>
    public bool IsEmpty => Total == 0;

    /// <summary>Number of places.</summary>
    public int Total
    {
        get
        {
            lock (_lock)
                return _counts.Sum();
        }
    }

    /// <summary>Why places were not analysed, the most frequent reason first.</summary>
    public IReadOnlyList<(string Reason, int Places)> Reasons
    {
        get
        {
            lock (_lock)
                return [.. _reasons.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
        }
    }

    /// <summary>Number of places with an answer.</summary>
    public int this[SiteAnswer answer]
    {
        get
        {
            lock (_lock)
                return _counts[(int)answer];
        }
    }

    /// <summary>Counts a place.</summary>
    public void Add(SiteCoverage coverage)
    {
        lock (_lock)
        {
            _counts[(int)coverage.Answer]++;
            if (coverage.Answer != SiteAnswer.NotAnalysed)
                return;
            _reasons.TryGetValue(coverage.Reason, out var count);
            _reasons[coverage.Reason] = count + 1;
        }
    }

    /// <summary>The counts in words.</summary>
    public override string ToString()
    {
        var text = string.Format(
            CultureInfo.InvariantCulture,
            "{0} places run SQL or a query: {1} guarded by row-level security, {2} by a condition, {3} by both, {4} open, {5} without a tenant table, {6} not analysed",
            Total, this[SiteAnswer.GuardedByRowSecurity], this[SiteAnswer.GuardedByPredicate], this[SiteAnswer.GuardedByBoth], this[SiteAnswer.Open], this[SiteAnswer.NoTenantTable], this[SiteAnswer.NotAnalysed]);
        return Reasons.Count == 0 ? text : text + " (" + string.Join("; ", Reasons.Take(3).Select(reason => reason.Places.ToString(CultureInfo.InvariantCulture) + ": " + reason.Reason)) + ")";
    }
}

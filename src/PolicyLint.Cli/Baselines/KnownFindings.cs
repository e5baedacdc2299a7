using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Baselines;

/// <summary>
/// Findings that were there before, by fingerprint and number. A fingerprint is made of rule and subject, so moved lines and renamed
/// files change nothing; two databases may have the same one, so they are counted.
/// </summary>
internal sealed class KnownFindings
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Total => _counts.Values.Sum();

    public static KnownFindings Of(IEnumerable<Finding> findings)
    {
        var known = new KnownFindings();
        foreach (var finding in findings)
            known._counts[finding.Fingerprint] = known._counts.GetValueOrDefault(finding.Fingerprint) + 1;
        return known;
    }

    /// <summary>At least so many of a fingerprint are known.</summary>
    public void Add(string fingerprint, int count) => _counts[fingerprint] = Math.Max(_counts.GetValueOrDefault(fingerprint), count);

    /// <summary>What either knows; the same finding known to both is still one.</summary>
    public void Add(KnownFindings other)
    {
        foreach (var (fingerprint, count) in other._counts)
            Add(fingerprint, count);
    }

    /// <summary>The report without what is known. Of several with one fingerprint the first are the known ones.</summary>
    public Report LeaveNew(Report report)
    {
        if (_counts.Count == 0)
            return report;
        var left = new Dictionary<string, int>(_counts, StringComparer.Ordinal);
        var findings = new List<Finding>();
        foreach (var finding in report.Findings)
        {
            if (left.TryGetValue(finding.Fingerprint, out var count) && count > 0)
                left[finding.Fingerprint] = count - 1;
            else
                findings.Add(finding);
        }
        return report with { Findings = findings, Known = report.Findings.Count - findings.Count };
    }
}

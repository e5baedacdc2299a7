using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli;

/// <summary>One report of many databases; one whose analysis failed has no result.</summary>
internal static class Reports
{
    public static Report Combine(IReadOnlyList<SqlProject> projects, IReadOnlyList<AnalysisResult?> results, IReadOnlyList<Problem> problems)
    {
        var findings = new List<Finding>();
        var notes = new List<string>();
        var files = new HashSet<string>(StringComparer.Ordinal);
        var internalErrors = new List<string>();
        var (statements, suppressed) = (0, 0);
        for (var i = 0; i < projects.Count; i++)
        {
            if (results[i] is not { } result)
                continue;
            findings.AddRange(result.Findings);
            internalErrors.AddRange(result.InternalErrors);
            statements += result.Statements;
            suppressed += result.Suppressed;
            foreach (var inference in result.Inferences)
                notes.Add(projects.Count > 1 ? projects[i].Name + ": " + inference : inference);
            foreach (var file in projects[i].Input.Files)
                files.Add(file.Source.Path);
        }
        findings.Sort(ByPlace);
        return new()
        {
            Findings = findings,
            Problems = problems,
            InternalErrors = internalErrors,
            Notes = notes,
            Files = files.Count,
            Statements = statements,
            Suppressed = suppressed,
        };
    }

    private static int ByPlace(Finding left, Finding right)
    {
        var order = string.CompareOrdinal(left.Location.Path, right.Location.Path);
        if (order == 0)
            order = left.Location.Span.Start.CompareTo(right.Location.Span.Start);
        if (order == 0)
            order = string.CompareOrdinal(left.Rule.Id, right.Rule.Id);
        return order != 0 ? order : string.CompareOrdinal(left.Fingerprint, right.Fingerprint);
    }
}

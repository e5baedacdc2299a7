using PolicyLint.Core.Findings;
using PolicyLint.Testing;

namespace PolicyLint.Cli.Tests;

/// <summary>The samples, checked as the README does it. What each is meant to show stands in its expected.tsv.</summary>
public sealed class SampleTests
{
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "samples");

    public static TheoryData<string> Documented => Variants("as-documented");

    public static TheoryData<string> Clean => Variants("clean");

    [Theory]
    [MemberData(nameof(Documented))]
    public void A_documents_own_mistakes_are_found(string sample)
    {
        var folder = Path.Combine(Samples, sample);
        var found = Check(folder).Findings
            .Select(f => (Rule: f.Rule.Id, f.Location.Path, Line: f.Location.Source!.GetPosition(f.Location.Span.Start).Line + 1))
            .ToHashSet();

        var missing = Expected(folder).Where(e => !found.Contains((e.Rule, e.Path, e.Line)));

        Assert.Empty(missing.Select(e => $"{e.Rule} {e.Path}:{e.Line} {e.What}"));
    }

    [Theory]
    [MemberData(nameof(Clean))]
    public void The_same_job_done_right_has_no_finding(string sample)
    {
        var report = Check(Path.Combine(Samples, sample));

        Assert.Empty(report.Problems);
        Assert.Empty(report.Findings.Where(f => f.Severity >= Severity.Warning).Select(f => $"{f.Rule.Id} {PolicyLint.Cli.Output.Place.Of(f.Location)} {f.Message}"));
    }

    [Fact]
    public void The_runbooks_themselves_are_read_as_they_are()
    {
        var seeds = Path.Combine(RepositoryRoot.Path, "..", "shared", "seeds");
        // A clone without them has the samples, which hold the same mistakes.
        if (!Directory.Exists(seeds))
            return;

        var report = Check(seeds);

        Assert.Empty(report.Problems);
        Assert.Equal(4, report.Files);
        Assert.DoesNotContain(report.Findings, f => f.Rule.Id == "PL9001");
        Assert.Contains(report.Findings, f => f.Rule.Id == "PL3018" && f.Message.Contains("forcerowsecurity", StringComparison.Ordinal));
        Assert.Contains(report.Findings, f => f.Rule.Id == "PL2001" && f.Location.Source!.GetText(f.Location.Span).Contains("true", StringComparison.Ordinal));
        Assert.Contains(report.Findings, f => f.Rule.Id == "PL2006");
        Assert.Contains(report.Findings, f => f.Rule.Id == "PL3012");
    }

    internal static TheoryData<string> Variants(string variant)
    {
        var data = new TheoryData<string>();
        foreach (var folder in Directory.GetDirectories(Samples).Order(StringComparer.Ordinal))
        {
            if (Directory.Exists(Path.Combine(folder, variant)))
                data.Add(Path.GetFileName(folder) + "/" + variant);
        }
        return data;
    }

    private static Report Check(string folder) => Commands.CheckCommand.Check(["."], new(TextWriter.Null, TextWriter.Null, folder, UseColor: false, ShowProgress: false), default);

    private static IEnumerable<(string Rule, string Path, int Line, string What)> Expected(string folder)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            if (!cells[1].EndsWith(".cs", StringComparison.Ordinal))
                yield return (cells[0], cells[1], int.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture), cells[3]);
        }
    }
}

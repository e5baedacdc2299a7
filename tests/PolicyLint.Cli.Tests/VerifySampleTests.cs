using PolicyLint.Cli.Commands;
using PolicyLint.Cli.Verification;
using PolicyLint.Testing;

namespace PolicyLint.Cli.Tests;

/// <summary>What the files say and what a server holds after them must give the same findings.</summary>
public sealed class VerifySampleTests
{
    public static TheoryData<string> Samples
    {
        get
        {
            var data = SampleTests.Variants("as-documented");
            foreach (var row in SampleTests.Variants("clean"))
                data.Add(row);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task The_server_shows_what_the_files_show(string sample)
    {
        PostgresTests.SkipWithoutPostgres();
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, Path.Combine(RepositoryRoot.Path, "samples", sample), UseColor: false, ShowProgress: false);

        var fromFiles = CheckCommand.Check(["."], terminal, default);
        var fromServer = await ScratchVerification.RunAsync(".", new(), terminal, default);

        Assert.Empty(fromServer.Problems);
        Assert.Equal(LiveFindings(fromFiles), LiveFindings(fromServer));
    }

    private static List<string> LiveFindings(Report report) =>
        [.. report.Findings.Where(f => f.Rule.IsLive && !f.Location.Path.StartsWith("rollback/", StringComparison.Ordinal)).Select(f => f.Rule.Id + " " + f.Subject).Distinct().Order(StringComparer.Ordinal)];
}

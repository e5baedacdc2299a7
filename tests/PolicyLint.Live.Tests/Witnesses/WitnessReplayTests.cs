using System.Text.RegularExpressions;
using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Core.Rules;
using PolicyLint.Live.Witnesses;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Live.Tests.Witnesses;

/// <summary>What findings tell of rows and sessions is what a server does.</summary>
[Collection(PostgresCatalogCollection.Name)]
public sealed partial class WitnessReplayTests(PostgresFixture postgres)
{
    private static readonly string Own = Path.Combine(AppContext.BaseDirectory, "Data", "witnesses");
    private static readonly string Odd = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Core.Tests", "Fixtures");

    public static TheoryData<string> Cases => [.. Directory.GetFiles(Own, "*.sql").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Rules => [.. RuleCatalog.All.Select(static rule => rule.Info).Where(static rule => rule is { UsesProver: true, Bad.Length: > 0 }).Select(static rule => rule.Id)];

    public static TheoryData<string> Samples => SampleTests.Variants();

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task Each_kind_of_witness_is_confirmed(string name)
    {
        var text = File.ReadAllText(Path.Combine(Own, name + ".sql"));
        var told = await ReplayAsync(text, "");

        Assert.Equal(ToldMark().Matches(text).Select(static match => match.Groups[1].Value), told.Select(static finding => $"{finding.Rule.Id} {finding.Subject}").Order(StringComparer.Ordinal));
        AssertConfirmed(told);
    }

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public async Task Witnesses_of_a_rules_examples_are_confirmed(string id)
    {
        var rule = RuleCatalog.Find(id)!;
        AssertConfirmed(await ReplayAsync(rule.Bad, rule.ExampleConfiguration));
        var folder = Path.Combine(Odd, id);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.sql") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            // Some are migrations that a server refuses.
            var told = await ReplayAsync(File.ReadAllText(file), rule.ExampleConfiguration);
            AssertConfirmed([.. told.Where(static finding => finding.Replay?.Detail != "the migrations do not apply up to there")]);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task Witnesses_of_a_sample_are_confirmed(string sample)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "samples", sample);
        var options = Options(File.ReadAllText(Path.Combine(folder, "policylint.yml")));
        var texts = Directory.GetFiles(folder, "*.sql", SearchOption.AllDirectories).Select(file => new SourceText(File.ReadAllText(file), Path.GetRelativePath(folder, file).Replace('\\', '/')));
        AssertConfirmed(await ReplayAsync(new(MigrationLayout.Arrange([.. texts], options), options, AnalysisLimits.Cli)));
    }

    private static void AssertConfirmed(IReadOnlyList<Finding> told) =>
        Assert.Empty(told.Where(static finding => finding.Replay is not { Outcome: WitnessOutcome.Confirmed })
            .Select(static finding => $"{finding.Rule.Id} {finding.Subject}: {finding.Replay?.Outcome.ToString() ?? "no question"} {finding.Replay?.Detail}: {finding.Witness}"));

    private Task<IReadOnlyList<Finding>> ReplayAsync(string text, string configuration)
    {
        var lines = text.Split('\n').Where(static line => line.StartsWith("-- config: ", StringComparison.Ordinal)).Select(static line => line["-- config: ".Length..].TrimEnd('\r'));
        return ReplayAsync(new(Files(text), Options(configuration + string.Join("\n", lines)), AnalysisLimits.Cli));
    }

    private async Task<IReadOnlyList<Finding>> ReplayAsync(AnalysisInput input)
    {
        var result = SqlAnalyzer.Analyze(input);
        var told = result.Findings.Where(static finding => finding.Access is not null).ToList();
        return told.Count == 0 ? told : await WitnessReplays.ReplayAsync(postgres.On(PlatformSql.Find(result.Catalog.Platform) ?? PlatformSql.Plain), "witnesses", input, result.Catalog, told);
    }

    private static PolicyLintOptions Options(string yaml) =>
        yaml.Length == 0 ? PolicyLintOptions.Default : ConfigurationReader.Read(new SourceText(yaml, "policylint.yml"), [.. RuleCatalog.All.Select(static rule => rule.Info.Id)]).Options;

    private static List<InputFile> Files(string text)
    {
        var parts = FileMark().Split(text);
        if (parts.Length == 1)
            return [new(new SourceText(text, "example.sql"), ScriptRole.Migration, IsOneTransaction: false)];
        var files = new List<InputFile>();
        for (var i = 1; i < parts.Length; i += 2)
            files.Add(new(new SourceText(parts[i + 1], parts[i]), parts[i].Contains("rollback", StringComparison.Ordinal) ? ScriptRole.Rollback : ScriptRole.Migration, IsOneTransaction: false));
        return files;
    }

    [GeneratedRegex(@"^-- file: (\S+).*$", RegexOptions.Multiline)]
    private static partial Regex FileMark();

    [GeneratedRegex(@"^-- told: (.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex ToldMark();
}

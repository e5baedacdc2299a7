using System.Text.RegularExpressions;
using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Core.Rules;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Tests.Rules;

/// <summary>A rule that is marked live finds on a server what it finds in the files, by its own examples.</summary>
[Collection(PostgresCatalogCollection.Name)]
public sealed partial class LiveRuleTests(PostgresFixture postgres)
{
    public static TheoryData<string> Rules =>
        [.. RuleCatalog.All.Where(rule => rule is CatalogRule && rule.Info is { IsLive: true, Bad.Length: > 0 }).Select(rule => rule.Info.Id)];

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public async Task The_bad_example_is_found_on_a_server(string id)
    {
        var rule = RuleCatalog.Find(id)!;
        var (inFiles, live) = await AnalyzeAsync(rule, rule.Bad);

        var subjects = inFiles.Where(f => f.Rule.Id == id).Select(f => f.Subject).ToList();
        Assert.NotEmpty(subjects);
        Assert.Empty(subjects.Except(live.Where(f => f.Rule.Id == id).Select(f => f.Subject)));
    }

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public async Task The_good_example_is_not(string id)
    {
        var rule = RuleCatalog.Find(id)!;
        var (_, live) = await AnalyzeAsync(rule, rule.Good);

        Assert.Empty(live.Where(f => f.Severity >= Severity.Warning || f.Rule.Id == id).Select(f => $"{f.Rule.Id} {f.Message}"));
    }

    private async Task<(IReadOnlyList<Finding> InFiles, IReadOnlyList<Finding> Live)> AnalyzeAsync(RuleInfo rule, string example)
    {
        // Roles belong to the whole server, and the examples of different rules make different ones of the same name.
        var text = ApplicationRole().Replace(example, "app_" + rule.Id.ToLowerInvariant());
        var options = rule.ExampleConfiguration.Length == 0
            ? PolicyLintOptions.Default
            : ConfigurationReader.Read(new SourceText(rule.ExampleConfiguration, "policylint.yml"), [.. RuleCatalog.All.Select(r => r.Info.Id)]).Options;
        InputFile[] files = [new(new SourceText(text, "example.sql"), ScriptRole.Migration, IsOneTransaction: false)];
        var inFiles = SqlAnalyzer.Analyze(new(files, options, AnalysisLimits.Cli));
        var applied = await AppliedCatalog.ReadAsync(postgres.On(PlatformSql.Find(inFiles.Catalog.Platform) ?? PlatformSql.Plain), "rule", files, inFiles.Catalog);
        Assert.True(applied.Run.Succeeded, string.Join("\n", applied.Run.Notes.Select(note => note.Message)));
        var live = SqlAnalyzer.AnalyzeLive(applied.Reading.Catalog, options, AnalysisLimits.Cli);
        Assert.Empty(live.InternalErrors);
        return (inFiles.Findings, live.Findings);
    }

    [GeneratedRegex(@"\bapp\b(?!\.)")]
    private static partial Regex ApplicationRole();
}

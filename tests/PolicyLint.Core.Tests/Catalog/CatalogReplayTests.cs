using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Tests.Catalog;

public class CatalogReplayTests
{
    public static TheoryData<string> Cases => [.. LiterateCase.Read().Select(static c => c.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_replay_makes_the_catalog_that_the_document_shows(string name)
    {
        var test = LiterateCase.Read().Single(c => c.ToString() == name);
        var scripts = test.Scripts.Select((text, i) => Migration(text, $"{i + 1}.sql")).ToList();
        var result = CatalogReplay.Run(scripts, test.Platform, AnalysisLimits.Cli);
        if (test.Blocks.TryGetValue("catalog", out var expected))
            Assert.Equal(expected, CatalogText.Print(result.Catalog));
        if (test.Blocks.TryGetValue("issues", out var issues))
            Assert.Equal(issues, string.Concat(result.Issues.Select(static i => (i.IsError ? "error: " : "note: ") + i.Message + "\n")));
    }

    private static Script Migration(string text, string path) => new(SqlParser.Parse(new SourceText(text, path)), ScriptRole.Migration, IsOneTransaction: false);
}

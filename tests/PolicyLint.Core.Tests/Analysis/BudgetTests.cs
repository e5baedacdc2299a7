using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Tests.Analysis;

public sealed class BudgetTests
{
    [Fact]
    public void Findings_that_are_not_shown_are_counted()
    {
        var text = string.Concat(Enumerable.Range(1, 5).Select(i => $"create table public.t{i} (id uuid primary key);\nalter table public.t{i} disable row level security;\n"));
        var input = new AnalysisInput([new(new SourceText(text, "1.sql"), ScriptRole.Migration, IsOneTransaction: false)], PolicyLintOptions.Default, new() { FindingsPerRule = 2 });

        var findings = SqlAnalyzer.Analyze(input).Findings;

        Assert.Equal(2, findings.Count(f => f.Rule.Id == "PL1009"));
        Assert.Equal("The result is partial: 3 findings of PL1009 are not shown", Assert.Single(findings, f => f.Rule.Id == "PL9006").Message);
    }
}

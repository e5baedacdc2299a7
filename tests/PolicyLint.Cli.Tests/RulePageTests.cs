using System.Text;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Rules;
using PolicyLint.Testing;

namespace PolicyLint.Cli.Tests;

/// <summary>The pages in rules/ are what the rules say of themselves. `POLICYLINT_UPDATE=1 dotnet test` writes them anew.</summary>
public sealed class RulePageTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "rules");

    [Fact]
    public void Every_rule_has_its_page_and_the_index_lists_it()
    {
        var pages = AllRules.Infos.ToDictionary(rule => rule.Id + ".md", RulePage.Render);
        pages["README.md"] = Index();
        if (Environment.GetEnvironmentVariable("POLICYLINT_UPDATE") is { Length: > 0 })
        {
            Directory.CreateDirectory(Folder);
            foreach (var (name, text) in pages)
                File.WriteAllText(Path.Combine(Folder, name), text);
        }

        Assert.Equal(pages.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(Folder, "*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (name, text) in pages)
            Assert.Equal(text, File.ReadAllText(Path.Combine(Folder, name)));
    }

    [Fact]
    public void The_readme_lists_every_rule()
    {
        const string Begin = "<!-- rules: written by the tests with POLICYLINT_UPDATE=1 -->\n", End = "<!-- end of rules -->";
        var file = Path.Combine(RepositoryRoot.Path, "README.md");
        var readme = File.ReadAllText(file);
        var start = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = readme.IndexOf(End, start, StringComparison.Ordinal);
        var current = readme[..start] + Table() + readme[end..];
        if (Environment.GetEnvironmentVariable("POLICYLINT_UPDATE") is { Length: > 0 })
            File.WriteAllText(file, current);

        Assert.Equal(current, File.ReadAllText(file));
    }

    // What Microsoft's analyzers would write, could they see descriptors that are made of the rules.
    [Fact]
    public void The_release_files_of_the_analyzers_list_every_rule_once()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "src", "PolicyLint.Analyzers");
        var shipped = File.ReadLines(Path.Combine(folder, "AnalyzerReleases.Shipped.md")).Select(line => line.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        var table = new StringBuilder("### New Rules\n\nRule ID | Category | Severity | Notes\n--------|----------|----------|-------\n");
        foreach (var rule in RuleCatalog.All.Select(rule => rule.Info).Concat(CSharpRuleCatalog.All.Select(rule => rule.Info)).OrderBy(rule => rule.Id, StringComparer.Ordinal))
        {
            var severity = rule.Severity == Core.Findings.Severity.Information ? "Info" : rule.Severity.ToString();
            if (!shipped.Contains(rule.Id))
                table.Append($"{rule.Id} | {rule.Category} | {severity} | [{rule.Title}]({rule.HelpLink})\n");
        }
        var file = Path.Combine(folder, "AnalyzerReleases.Unshipped.md");
        if (Environment.GetEnvironmentVariable("POLICYLINT_UPDATE") is { Length: > 0 })
            File.WriteAllText(file, table.ToString());

        Assert.Equal(table.ToString(), File.ReadAllText(file));
    }

    [Fact]
    public void The_readme_names_every_format()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));

        Assert.All(Cli.Output.ReportFormats.Names, format => Assert.Contains($"| `{format}` |", readme, StringComparison.Ordinal));
    }

    private static string Table()
    {
        var table = new StringBuilder("| category | rules |\n| --- | --- |\n");
        foreach (var category in AllRules.Infos.GroupBy(rule => rule.Category))
            table.Append($"| {category.Key} | {string.Join(" · ", category.Select(rule => $"[{rule.Id}](rules/{rule.Id}.md) {rule.Name}"))} |\n");
        return table.ToString();
    }

    private static string Index()
    {
        var index = new StringBuilder("# The rules\n\nGenerated from the rules' own files. `policylint explain PL1001` prints the same pages.\n");
        foreach (var category in AllRules.Infos.GroupBy(rule => rule.Category))
        {
            index.Append("\n## ").Append(category.Key).Append("\n\n| rule | name | severity | what |\n| --- | --- | --- | --- |\n");
            foreach (var rule in category)
                index.Append($"| [{rule.Id}]({rule.Id}.md) | {rule.Name} | {PolicyLint.Cli.Output.SeverityNames.Of(rule.Severity)} | {rule.Title} |\n");
        }
        return index.ToString();
    }
}

using System.Text;
using PolicyLint.Core.Rules;
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

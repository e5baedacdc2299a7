using PolicyLint.Testing;

namespace PolicyLint.Live.Tests.Verification;

/// <summary>The table of the documents' checks in samples/README.md names lines that the plans have.</summary>
public sealed class CheckTableTests
{
    [Fact]
    public void Every_check_names_a_line_of_its_plan()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot.Path, "samples", "README.md"))
            .Where(static line => line.Contains(".md, ", StringComparison.Ordinal) && line.EndsWith("` |", StringComparison.Ordinal)).ToList();
        Assert.True(rows.Count >= 40, $"{rows.Count} rows");
        foreach (var row in rows)
        {
            var cells = row.Trim('|').Split(" | ");
            var line = cells[3].Trim(' ', '`').TrimEnd('…');
            var plan = File.ReadLines(Path.Combine(RepositoryRoot.Path, "rules", "plans", cells[2] + ".yml"));
            Assert.True(plan.Any(candidate => candidate.TrimStart().StartsWith(line, StringComparison.Ordinal)), row);
        }
    }
}

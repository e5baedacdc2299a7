using Microsoft.CodeAnalysis.CodeActions;
using PolicyLint.CSharp.Fixes;
using PolicyLint.Testing;

namespace PolicyLint.Analyzers.Tests;

/// <summary>
/// What the code fixes make of a project: `Fixes/PLnnnn/name.cs` becomes `name.fixed.cs` by Fix All. The fixed code compiles, and what was
/// offered a fix is gone, each by itself and all at once. What stays as it is has no fix.
/// </summary>
public sealed class CodeFixTests
{
    public static TheoryData<string> Fixtures => [.. Names];

    private static string Folder => Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Analyzers.Tests", "Fixes");

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".fixed.cs", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Fixes_take_their_findings_away_one_by_one_and_all_at_once(string fixture)
    {
        var rule = fixture.Split('/')[0];
        var project = FixedProject.Read(await File.ReadAllTextAsync(Path.Combine(Folder, fixture)));
        var found = await project.AnalyzeAsync();
        var ids = found.Select(diagnostic => diagnostic.Id).ToHashSet();
        var before = found.Count(diagnostic => diagnostic.Id == rule);
        var offers = new List<CodeAction>();
        foreach (var diagnostic in found.Where(diagnostic => diagnostic.Id == rule))
        {
            if (await project.OfferAsync(diagnostic) is { } offered)
                offers.Add(offered);
        }

        foreach (var offer in offers)
        {
            var left = await (await project.ApplyAsync(offer)).AnalyzeAsync();
            Assert.InRange(left.Count(diagnostic => diagnostic.Id == rule), 0, before - 1);
            Assert.Subset(ids, left.Select(diagnostic => diagnostic.Id).ToHashSet());
        }

        var all = await project.FixAllAsync(rule, found);
        var expected = Path.Combine(Folder, Path.ChangeExtension(fixture, ".fixed.cs"));
        var actual = await all.WriteAsync();
        if (Environment.GetEnvironmentVariable("POLICYLINT_UPDATE") is { Length: > 0 })
            await File.WriteAllTextAsync(expected, actual);
        Assert.Equal((await File.ReadAllTextAsync(expected)).ReplaceLineEndings("\n"), actual);
        var rest = await all.AnalyzeAsync();
        Assert.Equal(before - offers.Count, rest.Count(diagnostic => diagnostic.Id == rule));
        Assert.Subset(ids, rest.Select(diagnostic => diagnostic.Id).ToHashSet());
    }

    [Fact]
    public void Every_rule_that_names_a_code_fix_has_a_fixture() =>
        Assert.Equal(DiagnosticFix.Ids.Order(StringComparer.Ordinal), Names.Select(name => name.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));
}

using PolicyLint.CSharp.Rules;
using PolicyLint.Testing;

namespace PolicyLint.CSharp.Tests;

/// <summary>
/// The odd cases of rules: each file in Fixtures/PLnnnn marks every finding of that rule, and none where it marks nothing.
/// </summary>
public sealed class RuleFixtureTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.CSharp.Tests", "Fixtures");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_fixture_gives_exactly_the_marked_findings(string file)
    {
        var id = file.Split('/')[0];
        Assert.Contains(CSharpRuleCatalog.Running, rule => rule.Info.Id == id);
        MarkedCode.AssertFindings(File.ReadAllText(Path.Combine(Folder, file)), id);
    }
}

using PolicyLint.Core.Rules;

namespace PolicyLint.Core.Tests.Rules;

public sealed class RuleCatalogTests
{
    [Fact]
    public void Every_rule_type_is_in_the_catalog_once_and_in_order()
    {
        var types = typeof(RuleCatalog).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(Rule))).Select(t => t.Name).Order(StringComparer.Ordinal);
        var ids = RuleCatalog.All.Select(rule => rule.Info.Id).ToList();

        Assert.Equal(types, RuleCatalog.All.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Every_rule_says_what_it_is()
    {
        foreach (var rule in RuleCatalog.All.Select(r => r.Info))
        {
            Assert.Matches("^PL[0-9]{4}$", rule.Id);
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", rule.Name);
            Assert.False(rule.Title.EndsWith('.'), rule.Id);
            Assert.DoesNotContain('\n', rule.Title);
            Assert.All([rule.What, rule.Why, rule.Fix], text => Assert.EndsWith(".", text.TrimEnd('`'), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_rule_holds_no_state()
    {
        foreach (var rule in RuleCatalog.All)
        {
            var fields = rule.GetType().GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public);
            Assert.Equal(["<Info>k__BackingField"], fields.Select(f => f.Name));
        }
    }
}

using System.Text.RegularExpressions;
using PolicyLint.Live.Probing;

namespace PolicyLint.Live.Tests.Probing;

public sealed class PatternTextTests
{
    [Theory]
    [InlineData("^[A-Z]{3}$")]
    [InlineData("^[0-9]{10}$")]
    [InlineData("^(legacy|standard)$")]
    [InlineData("^[1-9][0-9]{7,14}$")]
    [InlineData(@"^https://(www\.)?instagram\.com/[A-Za-z0-9._]+/?$")]
    [InlineData(@"^/[a-z0-9\-/]*$")]
    [InlineData("^[a-z0-9]+(-[a-z0-9]+)*$")]
    [InlineData(@"^\+?[0-9\s\-()]+$")]
    [InlineData(@"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$")]
    [InlineData("^[a-z]{2}(-[A-Z]{2})?$")]
    [InlineData(@"^\d{3}-\d{4}$")]
    [InlineData("^(?:ab){2,}c|d$")]
    [InlineData("^[^0-9]x.$")]
    [InlineData("^[]a]$")]
    public void A_pattern_matches_its_text(string pattern)
    {
        foreach (var seed in Enumerable.Range(0, 50))
            Assert.Matches(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), PatternText.Matching(pattern, seed));
    }

    [Fact]
    public void Texts_differ_where_the_pattern_lets_them() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(static seed => PatternText.Matching("^[0-9]{10}$", seed)).Distinct().Count());

    [Theory]
    [InlineData("(")]
    [InlineData("[a")]
    [InlineData("a{")]
    [InlineData("*")]
    [InlineData(@"\")]
    [InlineData("(?=a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("a{9999}")]
    [InlineData("(a))")]
    public void What_it_does_not_know_has_no_text(string pattern) => Assert.Null(PatternText.Matching(pattern, 1));
}

using PolicyLint.Live.Catalog;

namespace PolicyLint.Live.Tests.Catalog;

public sealed class SearchPathTests
{
    [Theory]
    [InlineData("\"$user\", public", "public")]
    [InlineData("\"$user\", public, extensions", "public,extensions")]
    [InlineData("Public, \"Mixed Case\",\"a\"\"b\"", "public,Mixed Case,a\"b")]
    [InlineData("", "")]
    [InlineData("\"\"", "")]
    [InlineData("public, missing, public", "public")]
    public void The_setting_is_read_as_the_server_reads_it(string value, string expected)
    {
        var schemas = new HashSet<string> { "public", "extensions", "Mixed Case", "a\"b" };
        Assert.Equal(expected, string.Join(',', SearchPath.Parse(value, "me", schemas.Contains)));
    }

    [Fact]
    public void The_users_own_schema_counts_where_there_is_one() =>
        Assert.Equal(["me", "public"], SearchPath.Parse("\"$user\", public", "me", static _ => true));
}

using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public sealed class LiteralTests
{
    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("'a'\n  'b'", "ab")]
    [InlineData("e'\\n\\x41\\101\\u0041\\''", "\nAAA'")]
    [InlineData("u&'d\\0061t\\+01F600'", "dat\U0001F600")]
    [InlineData("u&'d!0061t' uescape '!'", "dat")]
    [InlineData("$$it's$$", "it's")]
    [InlineData("$a$ $b$ $a$", " $b$ ")]
    [InlineData("''", "")]
    [InlineData("b'01'", "01")]
    [InlineData("1_000", "1_000")]
    public void A_constant_gives_its_text(string sql, string text) => Assert.Equal(text, Parse(sql).GetText());

    [Theory]
    [InlineData("1_000", 1000)]
    [InlineData("0x1f", 31)]
    [InlineData("0o17", 15)]
    [InlineData("0b101", 5)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", null)]
    [InlineData("1.0", null)]
    [InlineData("'1'", null)]
    public void An_integer_gives_its_value(string sql, int? value) => Assert.Equal(value, Parse(sql).IntegerValue);

    [Fact]
    public void Equal_names_share_a_string_and_are_cut_to_63_bytes()
    {
        var source = new SourceText($"select Tenant_Id, tenant_id, \"tenant_id\", {new string('x', 70)}");
        var select = Assert.IsType<SelectQuery>(Assert.Single(SqlParser.Parse(source).Statements));
        var names = select.Targets.Select(static t => Assert.IsType<ColumnReference>(t.Value).Name.Name.Text).ToArray();

        Assert.Same(names[0], names[1]);
        Assert.Same(names[0], names[2]);
        Assert.Equal(new string('x', 63), names[3]);
    }

    private static Literal Parse(string sql)
    {
        var expression = SqlParser.ParseExpression(new SourceText(sql), out var error);
        Assert.Null(error);
        return Assert.IsType<Literal>(expression);
    }
}

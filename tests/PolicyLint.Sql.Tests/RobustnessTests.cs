using FsCheck;
using FsCheck.Fluent;
using PolicyLint.Sql.Text;

namespace PolicyLint.Sql.Tests;

public sealed class RobustnessTests
{
    private static readonly string[] Fragments =
    [
        "(", ")", "[", "]", "'", "\"", "$$", "$a$", "/*", "*/", "--", ";", ",", ".", "::", ":=", "\0", "\uD800", "\uDC00", "é", "e'\\", "u&'\\", " uescape '", " not ", " between ", " select ",
        " case when ", " union all ", " order by ", "1e", "0x", "$1", " begin atomic ", " end ", "\\", "\n", " values (", " with a as (", "array[", " and ", "json_object(",
    ];

    public static TheoryData<string> Nests =>
    [
        "(", "[", "array[", "case when ", "(select ", "f(", "not ", "- ", "select * from (", "with a as (", "cast(a as ", "exists(select ", "a[", "json_object(", "json_array(", "row(",
        "select * from (a join ", "create schema s create function f() begin atomic ", "create function f() returns int begin atomic ", "explain ", "/*", "begin ", "values ((", "1 in (",
        "x between ", "grouping sets (", "nested path '$' columns (", "do $$ begin ",
    ];

    [Theory]
    [MemberData(nameof(Nests))]
    public void A_nest_of_100000_levels_is_an_error_on_a_small_stack(string opening)
    {
        foreach (var prefix in new[] { "", "select ", "select * from json_table(a, '$' columns (" })
            OnSmallStack(() => SqlParser.Parse(new SourceText(prefix + string.Concat(Enumerable.Repeat(opening, 100_000)))));
    }

    [Theory]
    [InlineData("select a", " and b")]
    [InlineData("select a", " or b")]
    [InlineData("select a", ", b")]
    [InlineData("values (1)", ", (1)")]
    [InlineData("select * from a", ", b")]
    public void Long_lists_parse(string start, string link)
    {
        var tree = OnSmallStack(() => SqlParser.Parse(new SourceText(start + string.Concat(Enumerable.Repeat(link, 100_000)))));

        Assert.Empty(tree.Errors);
        Assert.Single(tree.Statements);
    }

    [Theory]
    [InlineData("select a", " + b")]
    [InlineData("select a", " || b")]
    [InlineData("select a", "::int")]
    [InlineData("select a", "[1]")]
    [InlineData("select a", " is null")]
    [InlineData("select 1", " union select 1")]
    [InlineData("select * from a", " cross join b")]
    public void A_chain_is_parsed_or_refused_whatever_the_stack(string start, string link)
    {
        var few = OnSmallStack(() => SqlParser.Parse(new SourceText(start + string.Concat(Enumerable.Repeat(link, 300)))));
        var many = OnSmallStack(() => SqlParser.Parse(new SourceText(start + string.Concat(Enumerable.Repeat(link, 100_000)))));

        Assert.Empty(few.Errors);
        Assert.Single(many.Errors);
        Assert.Single(many.Statements);
    }

    [Fact]
    public void The_depth_limit_is_the_option()
    {
        var source = new SourceText("select " + new string('(', 50) + "1" + new string(')', 50));

        Assert.Empty(SqlParser.Parse(source).Errors);
        Assert.Single(SqlParser.Parse(source, new SqlParseOptions { MaximumDepth = 40 }).Errors);
    }

    [Fact]
    public void Any_sequence_of_fragments_ends_in_a_tree()
    {
        var texts = Gen.Elements(Fragments.Concat(Fixtures.Names("ok").SelectMany(static f => Fixtures.Read("ok", f).Split(' '))).ToArray()).ArrayOf().Select(string.Concat);

        Prop.ForAll(Arb.From(texts), static text => HoldsTogether(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(60));
    }

    [Fact]
    public void Cutting_a_statement_anywhere_ends_in_a_tree()
    {
        foreach (var file in Fixtures.Names("ok"))
        {
            var text = Fixtures.Read("ok", file);
            for (var end = 0; end < text.Length; end += 7)
                Assert.True(HoldsTogether(text[..end]), text[..end]);
        }
    }

    private static bool HoldsTogether(string text)
    {
        var tree = SqlParser.Parse(new SourceText(text));
        var end = 0;
        foreach (var statement in tree.Statements)
        {
            if (statement.Start < end || statement.End < statement.Start || statement.End > text.Length)
                return false;
            end = statement.End;
        }
        return tree.Errors.All(e => e.Span.Start >= 0 && e.Span.End <= text.Length && e.Message.Length > 0);
    }

    private static SyntaxTree OnSmallStack(Func<SyntaxTree> parse)
    {
        SyntaxTree? tree = null;
        var thread = new Thread(() => tree = parse(), 256 * 1024);
        thread.Start();
        thread.Join();
        return tree!;
    }
}

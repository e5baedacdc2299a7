using FsCheck;
using FsCheck.Fluent;
using System.Runtime.ExceptionServices;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

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
    [InlineData("select (a)", ".b")]
    [InlineData("select a", " at time zone b")]
    [InlineData("select a", " collate b")]
    [InlineData("select a", " is distinct from b and c or d")]
    [InlineData("select a", " in (1)")]
    [InlineData("select a", " = any (b)")]
    [InlineData("select 1", " intersect select 1 union all select 1")]
    [InlineData("select * from a", " natural join b")]
    [InlineData("select * from a", " join b on c || d")]
    public void A_chain_of_100000_links_is_parsed_visited_rewritten_and_printed_on_a_small_stack(string start, string link) => OnSmallStack(() =>
    {
        var tree = SqlParser.Parse(new SourceText(start + string.Concat(Enumerable.Repeat(link, 100_000))));

        Assert.Empty(tree.Errors);
        var statement = Assert.Single(tree.Statements);
        var count = new NodeCount();
        count.Visit(statement);
        Assert.True(count.Nodes > 100_000);
        Assert.Same(statement, new Unchanged().Rewrite(statement));
        Assert.NotSame(statement, new WithParameters().Rewrite(statement));
        Assert.Empty(SqlParser.Parse(new SourceText(SqlPrinter.Print(statement))).Errors);
        return tree;
    });

    [Theory]
    [InlineData("select a", " || b")]
    [InlineData("select 1", " union select 1")]
    [InlineData("select * from a", " cross join b")]
    public void A_chain_higher_than_the_option_is_refused(string start, string link)
    {
        SyntaxTree Parse(int links) => OnSmallStack(() => SqlParser.Parse(new SourceText(start + string.Concat(Enumerable.Repeat(link, links))), SqlParseOptions.Bounded));

        Assert.Empty(Parse(1900).Errors);
        Assert.Equal("stack depth limit exceeded", Assert.Single(Parse(2100).Errors).Message);
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

    private sealed class NodeCount : SqlVisitor
    {
        public int Nodes { get; private set; }

        public override void Visit(SqlNode? node)
        {
            Nodes++;
            base.Visit(node);
        }
    }

    private sealed class Unchanged : SqlRewriter;

    private sealed class WithParameters : SqlRewriter
    {
        public override T Rewrite<T>(T node) =>
            node is Literal && new ParameterReference { Number = 1 } is T parameter ? parameter : base.Rewrite(node);

        public override ObjectName RewriteObjectName(SqlNode owner, ObjectName name) => name.Name == "a" ? new ObjectName(new Name("c")) : name;
    }

    private static SyntaxTree OnSmallStack(Func<SyntaxTree> parse)
    {
        SyntaxTree? tree = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Run, 256 * 1024);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return tree!;

        void Run()
        {
            try
            {
                tree = parse();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}

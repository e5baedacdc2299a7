using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public void One_bad_statement_costs_one_error()
    {
        var tree = Parse("select 1; selec 2; select 3 from; select 4;");

        Assert.Equal(["syntax error at or near \"selec\"", "syntax error at or near \";\""], tree.Errors.Select(static e => e.Message));
        Assert.Collection(
            tree.Statements, static s => Assert.IsType<SelectQuery>(s), static s => Assert.IsType<BrokenStatement>(s), static s => Assert.IsType<BrokenStatement>(s),
            static s => Assert.IsType<SelectQuery>(s));
    }

    [Fact]
    public void A_parenthesis_left_open_costs_one_statement()
    {
        var tree = Parse("select f(1; select 2; select 3;");

        Assert.Single(tree.Errors);
        Assert.Equal(3, tree.Statements.Count);
        Assert.IsType<SelectQuery>(tree.Statements[2]);
    }

    [Fact]
    public void An_empty_text_and_lone_semicolons_are_no_statements()
    {
        Assert.Empty(Parse("").Statements);
        Assert.Empty(Parse(" ;; -- x\n /* y */ ; ").Statements);
    }

    [Fact]
    public void Semicolons_inside_a_routine_body_end_no_statement()
    {
        var tree = Parse("create function f() returns int begin atomic; select 1; select case when true then 2 end; end; select 3;");

        Assert.Empty(tree.Errors);
        Assert.Equal(2, tree.Statements.Count);
    }

    [Fact]
    public void Rows_of_copy_are_not_statements()
    {
        var tree = Parse("copy t from stdin;\n1\tselect (\n\\.\nselect 1;");

        Assert.Empty(tree.Errors);
        Assert.Collection(tree.Statements, static s => Assert.IsType<CopyStatement>(s), static s => Assert.IsType<SelectQuery>(s));
    }

    [Fact]
    public void Only_the_range_is_parsed_and_offsets_are_those_of_the_text()
    {
        const string Text = "```sql\nselect 1 fro;\n```\nselec";
        var tree = SqlParser.Parse(new SourceText(Text), new SqlParseOptions { Range = TextSpan.FromBounds(7, 20) });

        var statement = Assert.Single(tree.Statements);
        Assert.Equal("select 1 fro", Text[statement.Start..statement.End]);
        Assert.Empty(tree.Errors);
    }

    [Fact]
    public void Comments_are_listed_where_they_are_asked_for()
    {
        const string Text = "-- a\nselect /* b /* c */ */ 1 -- d";
        var tree = SqlParser.Parse(new SourceText(Text), new SqlParseOptions { KeepComments = true });

        Assert.Equal(["-- a", "/* b /* c */ */", "-- d"], tree.Comments.Select(s => Text.Substring(s.Start, s.Length)));
    }

    [Theory]
    [InlineData("select @id, @name_1 where a=@b and c <> :d and e::text = f[1:2]", 4)]
    [InlineData("select a @> b, a @@ b, a <@ b", 0)]
    [InlineData("select * from t where id in @ids and b not in :names", 2)]
    public void Named_parameters_are_read_where_the_option_asks(string sql, int count)
    {
        var tree = SqlParser.Parse(new SourceText(sql), SqlParseOptions.DotNet);
        var counter = new ParameterCount();
        counter.Visit(Assert.Single(tree.Statements));

        Assert.Empty(tree.Errors);
        Assert.Equal(count, counter.Count);
    }

    private static SyntaxTree Parse(string sql) => SqlParser.Parse(new SourceText(sql));

    private sealed class ParameterCount : SqlVisitor
    {
        public int Count { get; private set; }

        public override void VisitParameterReference(ParameterReference node) => Count++;
    }
}

using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public class ScriptTests
{
    [Fact]
    public void Psql_commands_stand_between_statements_and_end_them()
    {
        var tree = Parse("\\set ON_ERROR_STOP on\n\\if :has\nselect 1 \\gset x_\n\\else\nselect 2;\n\\endif\n");
        Assert.Empty(tree.Errors);
        Assert.Equal(["set", "if", null, "gset", "else", null, "endif"], tree.Statements.Select(s => (s as PsqlCommand)?.Command));
        Assert.Equal("ON_ERROR_STOP on", ((PsqlCommand)tree.Statements[0]).Arguments);
    }

    [Fact]
    public void Psql_variables_are_values_and_names()
    {
        var tree = Parse("alter table :\"t\" owner to :owner; select :'x', :n + 1, a[1:n];");
        Assert.Empty(tree.Errors);
        var query = Assert.IsType<SelectQuery>(tree.Statements[1]);
        Assert.Equal(ParameterStyle.ColonString, Assert.IsType<ParameterReference>(query.Targets[0].Value).Style);
        Assert.True(Assert.IsType<Subscript>(query.Targets[2].Value).IsSlice);
    }

    [Fact]
    public void Rows_of_COPY_are_passed_over()
    {
        var tree = Parse("copy t (a, b) from stdin;\n1\tit's\n2\t(;\n\\.\nselect 1;\n");
        Assert.Empty(tree.Errors);
        Assert.Collection(tree.Statements, s => Assert.IsType<CopyStatement>(s), s => Assert.IsType<SelectQuery>(s));
    }

    [Fact]
    public void COPY_without_rows_leaves_the_statements_behind_it()
    {
        var tree = Parse("copy t from stdin;\nselect 1;\n");
        Assert.Equal(2, tree.Statements.Count);
    }

    [Fact]
    public void One_bad_statement_costs_one_error()
    {
        var tree = Parse("select 1;\nselect from from t;\ncreate table t (a int;\nselect 2;\ndrop table t;");
        Assert.Equal(2, tree.Errors.Count);
        Assert.Equal("syntax error at or near \"from\"", tree.Errors[0].Message);
        Assert.Equal("syntax error at or near \";\"", tree.Errors[1].Message);
        Assert.Equal(
            ["SelectQuery", "BrokenStatement", "BrokenStatement", "SelectQuery", "DropStatement"],
            tree.Statements.Select(s => s.GetType().Name));
    }

    [Fact]
    public void A_routine_with_a_body_of_statements_is_one_statement()
    {
        var tree = Parse("create function f() returns int begin atomic select case when a then 1 end; select 2; end; select 3;");
        Assert.Empty(tree.Errors);
        Assert.Equal(2, tree.Statements.Count);
        var body = Assert.IsType<AtomicBody>(Assert.IsType<CreateFunctionStatement>(tree.Statements[0]).Body);
        Assert.Equal(2, body.Statements.Length);
    }

    [Fact]
    public void A_range_keeps_the_offsets_of_the_whole_text()
    {
        const string Text = "```sql\nselect a;\n```\n";
        var tree = SqlParser.Parse(new SourceText(Text), new SqlParseOptions { Range = new TextSpan(7, 10) });
        Assert.Empty(tree.Errors);
        Assert.Equal(7, Assert.Single(tree.Statements).Start);
    }

    [Fact]
    public void Comments_are_listed_where_asked_for()
    {
        var tree = SqlParser.Parse(new SourceText("-- one\nselect 1 /* two /* nested */ */; --three"), new SqlParseOptions { KeepComments = true });
        Assert.Equal(["-- one", "/* two /* nested */ */", "--three"], tree.Comments.Select(tree.Source.GetText));
    }

    [Fact]
    public void Named_parameters_are_read_on_request()
    {
        var tree = SqlParser.Parse(new SourceText("select * from t where a=@id and b = :name and c @> d and e::int = 1"), SqlParseOptions.DotNet);
        Assert.Empty(tree.Errors);
        var parameters = new Parameters();
        parameters.Visit(tree.Statements[0]);
        Assert.Equal(["id", "name"], parameters.Names);
    }

    [Fact]
    public void Scripts_parsed_one_after_another_share_their_names_and_nothing_else()
    {
        var parser = new SqlScriptParser(new SqlParseOptions { KeepComments = true });
        var first = parser.Parse(new SourceText("-- first\nselect f(a, b, c), (select (x, y)"));
        var second = parser.Parse(new SourceText("create table t(a int not null unique, b int); select a from t;"));
        var third = parser.Parse(new SourceText("select 1; select a;"), new TextSpan(9, 10));
        Assert.Single(first.Errors);
        Assert.Single(first.Statements);
        Assert.Single(first.Comments);
        Assert.Empty(second.Errors);
        Assert.Empty(second.Comments);
        var table = Assert.IsType<CreateTableStatement>(second.Statements[0]);
        Assert.Equal(2, Assert.IsType<ColumnDefinition>(table.Elements[0]).Constraints.Length);
        var query = Assert.IsType<SelectQuery>(Assert.Single(third.Statements));
        var column = Assert.IsType<ColumnReference>(query.Targets[0].Value);
        Assert.Same(Assert.IsType<ColumnDefinition>(table.Elements[0]).Name.Text, column.Name.Name.Text);
    }

    private static SyntaxTree Parse(string text) => SqlParser.Parse(new SourceText(text));

    private sealed class Parameters : SqlVisitor
    {
        public List<string> Names { get; } = [];

        public override void VisitParameterReference(ParameterReference node) => Names.Add(node.Name.Text);
    }
}

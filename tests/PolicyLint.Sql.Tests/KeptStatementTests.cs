using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public class KeptStatementTests
{
    public static TheoryData<string> Statements => [.. Fixtures.Read("kept", "statements.sql").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_statement_that_is_not_typed_is_read_and_kept_as_text(string line)
    {
        var tree = SqlParser.Parse(new SourceText(line));
        Assert.Empty(tree.Errors);
        var statement = Assert.IsType<OtherStatement>(Assert.Single(tree.Statements));
        Assert.Equal(line.TrimEnd(';'), SqlPrinter.Print(statement));
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Something_behind_it_is_an_error_at_its_place(string line)
    {
        var sql = line.TrimEnd(';') + " )";
        var error = Assert.Single(SqlParser.Parse(new SourceText(sql)).Errors);
        Assert.Equal("syntax error at or near \")\"", error.Message);
        Assert.Equal(sql.Length - 1, error.Span.Start);
    }
}

using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public sealed class ConformanceTests
{
    public static TheoryData<string> AcceptedFiles => [.. Fixtures.Names("ok")];

    public static TheoryData<string> RefusedFiles => [.. Fixtures.Names("err")];

    [Theory]
    [MemberData(nameof(AcceptedFiles))]
    public void What_PostgreSQL_accepts_parses_to_a_typed_tree(string file)
    {
        var tree = SqlParser.Parse(new SourceText(Fixtures.Read("ok", file), file));

        Assert.Empty(tree.Errors);
        Assert.DoesNotContain(tree.Statements, static s => s is BrokenStatement || (s is OtherStatement other && !other.Keywords.StartsWith("SET CONSTRAINTS", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(AcceptedFiles))]
    public void Printing_and_parsing_again_prints_the_same(string file)
    {
        foreach (var statement in SqlParser.Parse(new SourceText(Fixtures.Read("ok", file), file)).Statements)
        {
            if (statement is PsqlCommand)
                continue;
            var printed = SqlPrinter.Print(statement);
            var again = SqlParser.Parse(new SourceText(printed));

            Assert.True(again.Errors.Count == 0, $"{printed}: {string.Join("; ", again.Errors)}");
            Assert.Equal(printed, SqlPrinter.Print(Assert.Single(again.Statements)));
        }
    }

    [Theory]
    [MemberData(nameof(AcceptedFiles))]
    public void Statements_cover_the_text_in_order(string file)
    {
        var text = Fixtures.Read("ok", file);
        var end = 0;
        foreach (var statement in SqlParser.Parse(new SourceText(text, file)).Statements)
        {
            Assert.InRange(statement.Start, end, text.Length);
            Assert.InRange(statement.End, statement.Start, text.Length);
            end = statement.End;
        }
    }

    [Theory]
    [MemberData(nameof(AcceptedFiles))]
    public void Children_lie_inside_their_parents(string file)
    {
        var text = Fixtures.Read("ok", file);
        foreach (var statement in SqlParser.Parse(new SourceText(text, file)).Statements)
            new SpanCheck(text).Visit(statement);
    }

    [Theory]
    [MemberData(nameof(RefusedFiles))]
    public void What_PostgreSQL_refuses_is_refused_there_in_its_words(string file)
    {
        foreach (var expected in Fixtures.Errors(file))
        {
            var tree = SqlParser.Parse(new SourceText(expected.Sql, file));
            var error = tree.Errors.Count > 0 ? tree.Errors[0] : null;

            Assert.True(error is not null, $"accepted: {expected.Sql}");
            Assert.Equal($"{expected.Start} {expected.Message} | {expected.Sql}", $"{error.Span.Start} {error.Message} | {expected.Sql}");
            Assert.IsType<BrokenStatement>(tree.Statements[0]);
        }
    }

    private sealed class SpanCheck(string text) : SqlVisitor
    {
        private SqlNode? _parent;

        public override void Visit(SqlNode? node)
        {
            if (node is null)
                return;
            Assert.InRange(node.Start, 0, text.Length);
            Assert.InRange(node.End, node.Start, text.Length);
            if (_parent is { } parent && (node.Start < parent.Start || node.End > parent.End))
            {
                var shown = parent.End >= parent.Start ? text[parent.Start..parent.End] : "";
                Assert.Fail($"{node.GetType().Name} [{node.Start}..{node.End}) lies outside of {parent.GetType().Name} [{parent.Start}..{parent.End}): {shown}");
            }
            var outer = _parent;
            _parent = node;
            base.Visit(node);
            _parent = outer;
        }
    }
}

using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Tests;

public class PlPgSqlTests
{
    [Theory]
    [InlineData("begin end", "PlBlock")]
    [InlineData("declare a int; b text := 'x'; c t.c%type; d t%rowtype; e constant numeric(3,1) not null default 1; begin null; end;", "PlBlock PlNull")]
    [InlineData("declare a alias for $1; c cursor for select 1; d no scroll cursor (k int) is select k; begin open c; fetch c into a; fetch forward 2 from c into a; move last in c; close c; open d(1); open d(k := 2); end", "PlBlock PlOpen PlFetch PlFetch PlFetch PlClose PlOpen PlOpen")]
    [InlineData("begin if a then b := 1; elsif c then d = 2; elseif e then null; else f[1].g := 3; end if; end", "PlBlock PlIf PlAssignment PlAssignment PlNull PlAssignment")]
    [InlineData("begin case x when 1, 2 then null; else perform f(); end case; case when a > b then exit; end case; end", "PlBlock PlCase PlNull PlPerform PlCase PlExit")]
    [InlineData("<<outer>> begin <<l>> loop exit l when done; continue l; end loop l; while x < 3 loop x := x + 1; end loop; end outer", "PlBlock PlLoop PlExit PlExit PlWhile PlAssignment")]
    [InlineData("begin for i in 1..10 loop null; end loop; for i in reverse a .. b by 2 loop null; end loop; end", "PlBlock PlForInteger PlNull PlForInteger PlNull")]
    [InlineData("begin for r in select * from t loop null; end loop; for a, b in execute q using 1, x loop null; end loop; for r in c loop null; end loop; for r in c(1) loop null; end loop; end", "PlBlock PlForQuery PlNull PlForExecute PlNull PlForCursor PlNull PlForCursor PlNull")]
    [InlineData("begin foreach x slice 1 in array array[[1]] loop null; end loop; end", "PlBlock PlForEach PlNull")]
    [InlineData("begin return; return next; return next x; return query select 1; return query execute q using 1; return 1 + 1; end", "PlBlock PlReturn PlReturn PlReturn PlReturn PlReturn PlReturn")]
    [InlineData("begin raise; raise notice 'a % b', x; raise exception using message = 'm', errcode = '42501'; raise division_by_zero; raise sqlstate '22012' using hint = h; raise 'plain'; end", "PlBlock PlRaise PlRaise PlRaise PlRaise PlRaise PlRaise")]
    [InlineData("begin assert a > 1, 'no'; execute format('alter table %I', t) into strict r using 1; execute q using x into y; end", "PlBlock PlAssert PlExecute PlExecute")]
    [InlineData("begin call p(1); do 'begin end'; commit; rollback and chain; get diagnostics n = row_count; get stacked diagnostics m := message_text; end", "PlBlock PlCall PlCall PlCommit PlCommit PlGetDiagnostics PlGetDiagnostics")]
    [InlineData("begin begin null; exception when unique_violation or sqlstate '23503' then null; when others then raise; end; end", "PlBlock PlBlock PlNull PlNull PlRaise")]
    [InlineData("begin select a, b into strict x, y.z from t where c; insert into t values (1) returning id into i; with q as (select 1) select * into r from q; update t set a = 1; end", "PlBlock PlSql PlSql PlSql PlSql")]
    [InlineData("#variable_conflict use_column\nbegin x := count(*) from t; if exists (select 1) then null; end if; end", "PlBlock PlAssignment PlIf PlNull")]
    [InlineData("begin create function f() returns int language sql begin atomic select 1; select 2; end; create rule r as on insert to t do (select 1; select 2); end", "PlBlock PlSql PlSql")]
    public void Statements_are_recognised_and_print_back(string body, string kinds)
    {
        var block = Parse($"do $body${body}$body$");
        Assert.Equal(kinds, KindsOf(block));

        var printed = SqlPrinter.Print(block);
        var again = Parse($"do $body${printed}$body$");
        Assert.Equal(kinds, KindsOf(again));
        Assert.Equal(printed, SqlPrinter.Print(again));
    }

    [Theory]
    [InlineData("do $$begin x := 'it''s'; perform f(a); end$$")]
    [InlineData("do 'begin x := ''it''''s''; perform f(a); end'")]
    [InlineData(@"do E'begin\nx := \'it\'\'s\'; perform f(a);\tend'")]
    [InlineData("do 'begin x := ''it''''s'';'\n  ' perform f(a); end'")]
    public void Spans_are_those_of_the_outer_text_whatever_the_quotes(string sql)
    {
        var block = Parse(sql);
        var perform = Assert.IsType<PlPerform>(block.Statements[1]);
        Assert.Equal("perform f(a)", sql.Substring(perform.Start, perform.End - perform.Start));
        var assignment = Assert.IsType<PlAssignment>(block.Statements[0]);
        Assert.Equal("it's", Assert.IsType<Literal>(assignment.Value).GetText());
    }

    [Fact]
    public void An_INTO_clause_is_no_part_of_its_statement()
    {
        const string Sql = "do $$begin select a into strict b, c.d from t where e; end$$";
        var statement = Assert.IsType<PlSql>(Parse(Sql).Statements[0]);
        Assert.True(statement.IsStrict);
        Assert.Equal(2, statement.Into.Length);
        Assert.Equal("SELECT a FROM t WHERE e", SqlPrinter.Print(statement.Statement));
        Assert.Equal("select a into strict b, c.d from t where e", Sql.Substring(statement.Start, statement.End - statement.Start));
    }

    [Theory]
    [InlineData("do $$begin x := ; end$$", "syntax error at or near \";\"", 16)]
    [InlineData("do $$begin if a then null; end$$", "syntax error at end of input", 30)]
    [InlineData("do $$begin select 1 into a into b; end$$", "INTO specified more than once", 27)]
    [InlineData("do 'begin x := ''a'' 1; end'", "syntax error at or near \"1\"", 21)]
    public void An_error_stands_at_its_place_in_the_outer_text(string sql, string message, int start)
    {
        var tree = PlPgSqlParser.Parse(BodyOf(sql));
        Assert.Null(tree.Block);
        var error = Assert.Single(tree.Errors);
        Assert.Equal(message, error.Message);
        Assert.Equal(start, error.Span.Start);
    }

    [Fact]
    public void A_body_of_SQL_keeps_its_place()
    {
        const string Sql = "create function f() returns int language sql as 'select ''a''; select 2'";
        var statement = Assert.IsType<CreateFunctionStatement>(Assert.Single(SqlParser.Parse(new SourceText(Sql)).Statements));
        var tree = SqlBodyParser.Parse(Assert.IsType<StringBody>(statement.Body).Text);
        Assert.Empty(tree.Errors);
        Assert.Equal(["select ''a''", "select 2"], tree.Statements.Select(s => Sql.Substring(s.Start, s.End - s.Start)));
    }

    private static Literal BodyOf(string sql) => Assert.IsType<DoStatement>(Assert.Single(SqlParser.Parse(new SourceText(sql)).Statements)).Body;

    private static PlBlock Parse(string sql)
    {
        var tree = PlPgSqlParser.Parse(BodyOf(sql));
        Assert.Empty(tree.Errors);
        return tree.Block!;
    }

    private static string KindsOf(PlBlock block)
    {
        var kinds = new StatementKinds();
        kinds.Visit(block);
        return string.Join(' ', kinds.Names);
    }

    private sealed class StatementKinds : SqlVisitor
    {
        public List<string> Names { get; } = [];

        public override void Visit(SqlNode? node)
        {
            if (node is PlStatement)
                Names.Add(node.GetType().Name);
            base.Visit(node);
        }
    }
}

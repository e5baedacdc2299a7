namespace PolicyLint.CSharp.Tests;

/// <summary>Every way of writing the text, and where in it the finding must stand.</summary>
public sealed class SqlTextTests
{
    private const string Schema = "create table notes (id uuid primary key, user_id uuid not null, title text);";

    // One row a way: the members of a class, and what must be marked. Each has exactly one finding, at `notes`.
    [Theory]
    [InlineData("""object F(IDbConnection c) => c.Query("select * from notes");""")]
    [InlineData("""object F(IDbConnection c) => c.Query("select\t*\nfrom \"notes\"");""", "\\\"notes\\\"")]
    [InlineData("""object F(IDbConnection c) => c.Query("select '\u0041', '\x41 \U0001F600' from notes");""")]
    [InlineData("""object F(IDbConnection c) => c.Query(@"select ""id"" from notes");""")]
    [InlineData("object F(IDbConnection c) => c.Query(\"\"\"select \"id\" from notes\"\"\");")]
    [InlineData("object F(IDbConnection c) => c.Query(\"\"\"\n        select id\n\n          from notes\n        \"\"\");")]
    [InlineData("""object F(IDbConnection c) => c.Query("select id " + "from " + "notes");""")]
    [InlineData("""const string T = "notes"; object F(IDbConnection c) => c.Query($"select id from {T}");""")]
    [InlineData("""object F(IDbConnection c) => c.Query($"select '{{}}', id from notes");""")]
    [InlineData("""static readonly string Sql = "select id from notes"; object F(IDbConnection c) => c.Query(Sql);""")]
    [InlineData("""object F(IDbConnection c) { var sql = "select id from notes"; return c.Query(sql); }""")]
    [InlineData("""object F(IDbConnection c) => c.Query(Other.Sql); static class Other { public const string Sql = "select id from notes"; }""")]
    [InlineData("""void F(NpgsqlCommand c) => c.CommandText = "select id from notes";""")]
    [InlineData("""object F(NpgsqlConnection c) => new NpgsqlCommand("select id from notes", c);""")]
    [InlineData("""object F(NpgsqlDataSource s) => s.CreateCommand("select id from notes");""")]
    [InlineData("""object F() => new NpgsqlBatchCommand("select id from notes");""")]
    [InlineData("""object F() => new CommandDefinition("select id from notes");""")]
    [InlineData("""object F(IDbConnection c) => c.QueryAsync<string>("select title from notes");""")]
    public void A_finding_points_at_the_characters(string members, string marked = "notes")
    {
        var finding = Assert.Single(Compiled.Check(Schema, Class(members)));

        Assert.Equal("PL5001", finding.Rule.Id);
        Assert.Equal(marked, finding.Marked());
    }

    // What is not constant is not judged, and what is filtered is not reported.
    [Theory]
    [InlineData("""object F(IDbConnection c, string t) => c.Query("select id from " + t);""")]
    [InlineData("""object F(IDbConnection c, string t) { var sql = "select id from notes"; sql += t; return c.Query(sql); }""")]
    [InlineData("""object F(IDbConnection c, System.Guid u) => c.Query("select id from notes where user_id = @u", new { u });""")]
    [InlineData("""object F(IDbConnection c, System.Guid[] u) => c.Query("select id from notes where user_id = any(@u)", new { u });""")]
    [InlineData("""object F(IDbConnection c, System.Guid u) => c.Query("select a.id from notes a join notes b on b.user_id = a.user_id where b.user_id = @u", new { u });""")]
    [InlineData("""object F(IDbConnection c, System.Guid u) => c.Query("with mine as (select * from notes) select id from mine where user_id = @u", new { u });""")]
    [InlineData("""object F(IDbConnection c) => c.Query("select 1");""")]
    [InlineData("""object F(IDbConnection c) => c.Query("this is no sql from notes");""")]
    public void Nothing_is_said_of_the_rest(string members) => Assert.Empty(Compiled.Check(Schema, Class(members)));

    [Theory]
    [InlineData("select id from notes where user_id = @u or @u is null", "PL5001")]
    [InlineData("select id from notes where (@u is null or user_id = @u) and title like @q", "PL5001")]
    [InlineData("select id from notes where user_id = @u union all select id from notes", "PL5001")]
    [InlineData("select a.id from notes a left join notes b on a.user_id = @u where b.user_id = @u or b.id is null", "PL5001")]
    [InlineData("update notes set title = @t where id = @id", "PL5002")]
    [InlineData("delete from notes", "PL5002")]
    [InlineData("insert into notes (id, title) select id, title from notes where user_id = @u", "PL5003")]
    public void A_condition_that_does_not_hold_for_every_row_is_found(string sql, string rule)
    {
        var findings = Compiled.Check(Schema, Class($"object F(IDbConnection c, object p) => c.Query(\"{sql}\", p);"));

        Assert.Equal(rule, Assert.Single(findings).Rule.Id);
    }

    // A text that is not what runs is worse than none: it would be judged in the place of the true one.
    [Theory]
    [InlineData("""object F(IDbConnection c, System.Guid u) { var sql = "select id from notes"; (sql, _) = ("select id from notes where user_id = @u", 0); return c.Query(sql, new { u }); }""")]
    [InlineData("""static readonly string Sql = "select id from notes"; static Code() => Sql = "select 1"; object F(IDbConnection c) => c.Query(Sql);""")]
    public void A_name_that_is_set_again_has_no_known_text(string members) => Assert.Empty(Compiled.Check(Schema, Class(members)));

    [Fact]
    public void A_local_of_top_level_statements_that_is_set_again_has_no_known_text() => Assert.Empty(Compiled.Check(Schema, """
        using System.Data;
        using Dapper;

        IDbConnection c = null!;
        var sql = "select id from notes";
        sql = "select id from notes where user_id = @u";
        c.Query(sql);
        """, isProgram: true));

    [Fact]
    public void A_sum_of_numbers_is_no_concatenation()
    {
        // With 12 read for 1 + 2 the condition would hold for no row.
        Assert.Empty(Compiled.Check(Schema, Class("""object F(IDbConnection c) => c.Query("select id from notes where " + (1 + 2) + " = 12");""")));
        Assert.Single(Compiled.Check(Schema, Class("""object F(IDbConnection c) => c.Query("select id from notes where " + (1 + 2) + " = 3");""")));
    }

    [Fact]
    public void A_concatenation_in_another_file_is_shown_there()
    {
        var finding = Assert.Single(Compiled.Check(
            Schema, Class("object F(IDbConnection c) => c.Query(Queries.All);"), otherFile: """static class Queries { public const string All = "select id " + "from notes"; }"""));

        Assert.Equal("Other.cs", finding.Location.SourceTree!.FilePath);
        Assert.Equal("notes", finding.Marked());
    }

    [Fact]
    public void A_finding_in_an_interpolated_raw_string_points_at_the_characters()
    {
        var finding = Assert.Single(Compiled.Check(Schema, Class("const string Id = \"id\"; object F(IDbConnection c) => c.Query($\"\"\"\n        select {Id}\n          from notes\n        \"\"\");")));

        Assert.Equal("notes", finding.Marked());
    }

    private static string Class(string members) => $"using System.Data; using Dapper; using Npgsql; class Code {{ {members} }}";
}

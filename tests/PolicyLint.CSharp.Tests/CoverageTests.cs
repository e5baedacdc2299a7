using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Tests;

/// <summary>Every call site has one answer.</summary>
public sealed class CoverageTests
{
    private const string Schema = """
        create table notes (id uuid primary key, user_id uuid not null, title text);
        create table tags (id uuid primary key, user_id uuid not null, title text);
        create table pins (id uuid primary key, user_id uuid not null, title text);
        alter table tags enable row level security;
        alter table tags force row level security;
        create policy own on tags using (user_id = current_setting('app.user_id')::uuid) with check (user_id = current_setting('app.user_id')::uuid);
        create table kinds (id int primary key, maker uuid, title text);
        create view open_notes as select id, user_id from notes where title <> '';
        create view own_tags with (security_invoker = true) as select id, user_id from tags;
        create view all_tags as select id, user_id from tags;
        """;

    [Theory]
    [InlineData("\"select id from kinds\"", SiteAnswer.NoTenantTable)]
    [InlineData("\"select id from notes\"", SiteAnswer.Open)]
    [InlineData("\"select id from notes where user_id = @u\"", SiteAnswer.GuardedByPredicate)]
    [InlineData("\"select id from tags\"", SiteAnswer.GuardedByRowSecurity)]
    [InlineData("\"select id from tags where user_id = @u\"", SiteAnswer.GuardedByBoth)]
    [InlineData("\"select id from open_notes\"", SiteAnswer.Open)]
    [InlineData("\"select id from open_notes where user_id = @u\"", SiteAnswer.GuardedByPredicate)]
    [InlineData("\"select id from own_tags\"", SiteAnswer.GuardedByRowSecurity)]
    [InlineData("\"select id from own_tags where user_id = @u\"", SiteAnswer.GuardedByBoth)]
    [InlineData("\"select id from all_tags\"", SiteAnswer.NotAnalysed)]
    [InlineData("\"select id from all_tags where user_id = @u\"", SiteAnswer.GuardedByPredicate)]
    [InlineData("text", SiteAnswer.NotAnalysed)]
    [InlineData("\"select id from \" + text", SiteAnswer.NotAnalysed)]
    [InlineData("\"select id from notes where \" + text", SiteAnswer.NotAnalysed)]
    [InlineData("\"no sql at all\"", SiteAnswer.NotAnalysed)]
    public void A_call_has_the_answer(string sql, SiteAnswer answer)
    {
        var site = Assert.Single(Sites($"using Dapper; class C {{ object F(System.Data.IDbConnection c, string text, System.Guid u) => c.Query({sql}, new {{ u }}); }}"));

        Assert.Equal(answer, site.Answer);
        Assert.Equal(answer == SiteAnswer.NotAnalysed, site.Reason.Length > 0);
    }

    [Theory]
    [InlineData("db.Kinds.ToList()", null)]
    [InlineData("db.Notes.ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Tags.ToList()", SiteAnswer.GuardedByRowSecurity)]
    [InlineData("db.Pins.ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("given.ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Notes.Where(n => titles == null || n.UserId == user).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Notes.Where(n => n.UserId == user && (titles == null || n.Title == titles[0])).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("given.Where(n => n.UserId == user).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Notes.Where(n => n.UserId == user).RightJoin(db.Notes, n => n.Title, m => m.Title, (n, m) => m.Id).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).RightJoin(db.Notes, n => n.UserId, m => m.UserId, (n, m) => m.Title).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.RightJoin(db.Notes.Where(n => n.UserId == user), n => n.UserId, m => m.UserId, (n, m) => n.Title).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.RightJoin(db.Tags.Where(t => t.UserId == user), n => n.Title, t => t.Title, (n, t) => t).RightJoin(db.Notes, t => t.UserId, m => m.UserId, (t, m) => m).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Join(db.Notes.Where(n => n.UserId == user).Concat(db.Notes), n => n.Title, m => m.Title, (n, m) => m.Id).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).SelectMany(n => db.Notes.Where(m => m.UserId == n.UserId).DefaultIfEmpty(), (n, m) => m.Id).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.SelectMany(n => db.Notes.Where(m => m.UserId == n.UserId && m.UserId == user).DefaultIfEmpty(), (n, m) => n.Id).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).LeftJoin(db.Notes, n => n.UserId, m => m.UserId, (n, m) => m.Title).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.LeftJoin(db.Notes.Where(n => n.UserId == user), n => n.UserId, m => m.UserId, (n, m) => m.Title).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Join(db.Notes.Join(db.Kinds, n => n.Title, k => k.Title, (n, k) => n), n => n.Title, m => m.Title, (n, m) => m.Id).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Join(db.Notes.Join(db.Kinds, n => n.Title, k => k.Title, (n, k) => n), n => n.UserId, m => m.UserId, (n, m) => m.Id).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Join(given.Join(db.Kinds, n => n.Title, k => k.Title, (n, k) => n), n => n.UserId, m => m.UserId, (n, m) => m.Id).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Pins.Join(db.Notes.Where(n => n.UserId == user).IgnoreQueryFilters(), p => p.Title, n => n.Title, (p, n) => p).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Join(titles, n => n.Title, t => t, (n, t) => n).Where(n => n.UserId == user).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Union(given).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Union(db.Notes.Where(n => n.Title == null)).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.Where(n => n.UserId == user).Join(titles, n => n.Title, t => t, (n, t) => n).ToList()", SiteAnswer.GuardedByPredicate)]
    public void A_query_has_the_answer(string query, SiteAnswer? answer)
    {
        var sites = Sites(Model($"object F(Db db, System.Guid user, IQueryable<Note> given, System.Collections.Generic.List<string> titles) => {query};"));

        Assert.Equal(answer, sites.SingleOrDefault()?.Answer);
    }

    // What is ignored for a query is for those that stand in it.
    [Theory]
    [InlineData("db.Kinds.Where(k => db.Pins.Any(p => p.Title == k.Title)).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Kinds.Where(k => db.Notes.Any(n => n.UserId == user)).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Kinds.Where(k => db.Notes.Any(n => n.UserId == k.Maker)).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Kinds.Where(k => db.Notes.Any(n => n.UserId == user || k.Maker.Equals(n.UserId))).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Kinds.Where(k => db.Notes.Any(n => n.UserId.Equals(k.Maker))).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Kinds.Where(k => db.Notes.Any(n => k.Makers.Contains(n.UserId))).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Kinds.IgnoreQueryFilters().Where(k => db.Pins.Any(p => p.Title == k.Title)).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Kinds.Where(k => db.Pins.Any(p => p.Title == k.Title)).IgnoreQueryFilters().ToList()", SiteAnswer.NotAnalysed)]
    public void A_query_in_a_query_has_the_answer(string query, SiteAnswer answer) =>
        Assert.Equal(answer, Assert.Single(Sites(Model($"object F(Db db, System.Guid user) => {query};"))).Answer);

    // One place: the SQL, with what a query around it adds.
    [Theory]
    [InlineData("db.Notes.FromSqlRaw(\"select * from notes\").ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.FromSqlRaw(\"select * from notes\").Where(n => n.Title == null).ToList()", SiteAnswer.Open)]
    [InlineData("db.Notes.FromSqlRaw(\"select * from notes\").Where(n => n.UserId == user).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.FromSqlRaw(\"select * from notes\").Count(n => n.UserId == user)", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.FromSql($\"select * from notes where user_id = {user}\").Where(n => n.Title == null).ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Notes.FromSqlRaw(\"select id, id as user_id, title from notes\").Where(n => n.UserId == user).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Notes.FromSqlRaw(\"select n.* from notes n, kinds k\").Where(n => n.UserId == user).ToList()", SiteAnswer.NotAnalysed)]
    [InlineData("db.Notes.FromSqlRaw(\"select * from notes\").Where(n => n.UserId == user)", SiteAnswer.NotAnalysed)]
    [InlineData("db.Pins.FromSqlRaw(\"select * from pins\").ToList()", SiteAnswer.GuardedByPredicate)]
    [InlineData("db.Pins.FromSqlRaw(\"select * from pins\").IgnoreQueryFilters().Where(n => n.Title == null).ToList()", SiteAnswer.Open)]
    public void A_query_on_sql_has_the_answer(string query, SiteAnswer answer) =>
        Assert.Equal(answer, Assert.Single(Sites(Model($"object F(Db db, System.Guid user) => {query};"))).Answer);

    // What a compiled query captures, and what it asks its context, is a constant in it: the first caller's.
    [Theory]
    [InlineData("EF.CompileQuery((Db d, System.Guid id) => d.Notes.First(n => n.Id == id))", SiteAnswer.Open)]
    [InlineData("EF.CompileQuery((Db d, System.Guid id) => d.Notes.Where(n => n.Id == id))", SiteAnswer.Open)]
    [InlineData("EF.CompileAsyncQuery((Db d) => d.Notes)", SiteAnswer.Open)]
    [InlineData("EF.CompileAsyncQuery((Db d, System.Guid id) => d.Notes.Where(n => n.UserId == id).Select(n => n.Title))", SiteAnswer.GuardedByPredicate)]
    [InlineData("EF.CompileAsyncQuery((Db d, System.Guid id) => d.Notes.Count(n => n.UserId == id))", SiteAnswer.GuardedByPredicate)]
    [InlineData("EF.CompileAsyncQuery((Db d, System.Guid id) => d.Notes.Count(n => n.UserId == user))", SiteAnswer.NotAnalysed)]
    [InlineData("EF.CompileAsyncQuery((Db d, System.Guid id) => d.Notes.Where(n => n.UserId == user))", SiteAnswer.NotAnalysed)]
    [InlineData("EF.CompileAsyncQuery((Db d, System.Guid id) => d.Notes.Where(n => n.UserId == d.User))", SiteAnswer.NotAnalysed)]
    [InlineData("EF.CompileAsyncQuery((Db d, System.Guid id) => d.Notes.Where(n => n.UserId == id && n.Id != user))", SiteAnswer.GuardedByPredicate)]
    [InlineData("EF.CompileAsyncQuery((Db d) => d.Pins.FirstOrDefault())", SiteAnswer.GuardedByPredicate)]
    [InlineData("EF.CompileAsyncQuery((Db d) => d.Pins.IgnoreQueryFilters().FirstOrDefault())", SiteAnswer.Open)]
    public void A_compiled_query_has_the_answer(string query, SiteAnswer answer) =>
        Assert.Equal(answer, Assert.Single(Sites(Model($"object F(System.Guid user) => {query};"))).Answer);

    [Theory]
    [InlineData("db.Set<T>().FirstOrDefault()")]
    [InlineData("db.Set<T>().Where(row => row.Title != null).ToList()")]
    [InlineData("set.Count()")]
    public void A_query_of_what_others_choose_is_said(string query)
    {
        var site = Assert.Single(Sites(Model($"object F<T>(Db db, DbSet<T> set) where T : Row => {query};")));
        Assert.Equal(SiteAnswer.NotAnalysed, site.Answer);
        Assert.Contains("its entity is T", site.Reason, StringComparison.Ordinal);
    }

    private static string Model(string member) => $$"""
        using System.Linq;
        using Microsoft.EntityFrameworkCore;
        class Row { public System.Guid Id { get; set; } public System.Guid UserId { get; set; } public string Title { get; set; } }
        class Note : Row { }
        class Tag : Row { }
        class Pin : Row { }
        class Kind { public int Id { get; set; } public System.Guid Maker { get; set; } public System.Guid[] Makers { get; set; } public string Title { get; set; } }
        class Db(DbContextOptions<Db> options, System.Guid user) : DbContext(options)
        {
            public DbSet<Note> Notes => Set<Note>();
            public DbSet<Tag> Tags => Set<Tag>();
            public DbSet<Pin> Pins => Set<Pin>();
            public DbSet<Kind> Kinds => Set<Kind>();
            public System.Guid User => user;
            protected override void OnModelCreating(ModelBuilder builder) => builder.Entity<Pin>().HasQueryFilter(p => p.UserId == user);
        }
        class C { {{member}} }
        """;

    private static List<SiteCoverage> Sites(string code)
    {
        var input = new AnalysisInput([new(new SqlSource(Schema, "schema.sql"), ScriptRole.Migration, IsOneTransaction: true)], PolicyLintOptions.Default, AnalysisLimits.Cli);
        var analysis = SqlAnalyzer.Analyze(input);
        var tree = CSharpSyntaxTree.ParseText(code);
        var compilation = CSharpCompilation.Create("code", [tree], Compiled.References, new(OutputKind.DynamicallyLinkedLibrary));
        var project = new ProjectAnalysis(compilation, analysis.Catalog, analysis.Tenancy, PolicyLintOptions.Default, AnalysisLimits.Cli);
        var model = compilation.GetSemanticModel(tree);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. tree.GetRoot().DescendantNodes().Select(node => model.GetOperation(node)).OfType<IInvocationOperation>().Select(call => project.Judge(call, default).Coverage).OfType<SiteCoverage>()];
    }
}

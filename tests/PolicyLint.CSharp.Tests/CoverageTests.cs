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
        create table notes (id uuid primary key, user_id uuid not null);
        create table tags (id uuid primary key, user_id uuid not null);
        alter table tags enable row level security;
        alter table tags force row level security;
        create policy own on tags using (user_id = current_setting('app.user_id')::uuid) with check (user_id = current_setting('app.user_id')::uuid);
        create table kinds (id int primary key);
        """;

    [Theory]
    [InlineData("\"select id from kinds\"", SiteAnswer.NoTenantTable)]
    [InlineData("\"select id from notes\"", SiteAnswer.Open)]
    [InlineData("\"select id from notes where user_id = @u\"", SiteAnswer.GuardedByPredicate)]
    [InlineData("\"select id from tags\"", SiteAnswer.GuardedByRowSecurity)]
    [InlineData("\"select id from tags where user_id = @u\"", SiteAnswer.GuardedByBoth)]
    [InlineData("text", SiteAnswer.NotAnalysed)]
    [InlineData("\"select id from \" + text", SiteAnswer.NotAnalysed)]
    [InlineData("\"select id from notes where \" + text", SiteAnswer.NotAnalysed)]
    [InlineData("\"no sql at all\"", SiteAnswer.NotAnalysed)]
    public void A_call_has_the_answer(string sql, SiteAnswer answer)
    {
        var input = new AnalysisInput([new(new SqlSource(Schema, "schema.sql"), ScriptRole.Migration, IsOneTransaction: true)], PolicyLintOptions.Default, AnalysisLimits.Cli);
        var analysis = SqlAnalyzer.Analyze(input);
        var tree = CSharpSyntaxTree.ParseText($"using Dapper; class C {{ object F(System.Data.IDbConnection c, string text, System.Guid u) => c.Query({sql}, new {{ u }}); }}");
        var compilation = CSharpCompilation.Create("code", [tree], Compiled.References, new(OutputKind.DynamicallyLinkedLibrary));
        var project = new ProjectAnalysis(compilation, analysis.Catalog, analysis.Tenancy, PolicyLintOptions.Default, AnalysisLimits.Cli);
        var model = compilation.GetSemanticModel(tree);
        var sites = tree.GetRoot().DescendantNodes().Select(node => model.GetOperation(node)).OfType<IInvocationOperation>().Select(call => project.Judge(call, default).Coverage).OfType<SiteCoverage>();

        var site = Assert.Single(sites);
        Assert.Equal(answer, site.Answer);
        Assert.Equal(answer == SiteAnswer.NotAnalysed, site.Reason.Length > 0);
    }
}

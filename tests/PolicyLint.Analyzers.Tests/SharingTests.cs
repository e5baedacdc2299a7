using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.Analyzers.Tests;

/// <summary>What did not change between two compilations is read and replayed once.</summary>
public sealed class SharingTests
{
    private const string Stubs = """
        namespace Microsoft.EntityFrameworkCore.Migrations
        {
            public class MigrationBuilder { public void Sql(string sql) { } }
            public class Migration { protected virtual void Up(MigrationBuilder migrationBuilder) { } }
        }
        """;

    private const string Code = """
        using Microsoft.EntityFrameworkCore.Migrations;
        class Open : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("create table notes (id int primary key, user_id uuid not null); create policy everyone on notes using (true)");
        }
        """;

    private static readonly SourceText Sql = SourceText.From("create table kinds (id int primary key);");

    [Fact]
    public void The_same_texts_are_read_once()
    {
        var cache = new DatabaseCache();
        var settings = SourceText.From("{}");

        var input = cache.Read([new("1.sql", Sql), new("appsettings.json", settings)]);

        Assert.Same(input, cache.Read([new("1.sql", Sql), new("appsettings.json", settings)]));
        Assert.NotSame(input, cache.Read([new("1.sql", Sql), new("appsettings.json", SourceText.From("{}"))]));
        Assert.NotSame(input, cache.Read([new("2.sql", Sql), new("appsettings.json", settings)]));
    }

    [Fact]
    public void The_same_migrations_are_replayed_once()
    {
        var input = new DatabaseCache().Read([new("1.sql", Sql)]);

        Assert.Same(input.Replay([], isJudged: true, default), input.Replay([], isJudged: true, default));
    }

    [Fact]
    public async Task A_finding_in_a_migration_moves_with_it()
    {
        var analyzer = new PolicyLintAnalyzer();
        var files = ImmutableArray.Create<AdditionalText>(new File("1.sql", Sql));

        var before = await FindAsync(analyzer, Code, files);
        var after = await FindAsync(analyzer, "// A line above.\n" + Code, files);

        Assert.Equal(3, before.GetLineSpan().StartLinePosition.Line);
        Assert.Equal(4, after.GetLineSpan().StartLinePosition.Line);
        Assert.Equal("Code.cs", after.GetLineSpan().Path);
    }

    private static async Task<Location> FindAsync(DiagnosticAnalyzer analyzer, string code, ImmutableArray<AdditionalText> files)
    {
        var compilation = CSharpCompilation.Create(
            "code", [CSharpSyntaxTree.ParseText(Stubs, path: "Stubs.cs"), CSharpSyntaxTree.ParseText(code, path: "Code.cs")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new(OutputKind.DynamicallyLinkedLibrary));
        var diagnostics = await compilation.WithAnalyzers([analyzer], new AnalyzerOptions(files)).GetAnalyzerDiagnosticsAsync();
        return Assert.Single(diagnostics, diagnostic => diagnostic.Id == "PL2001").Location;
    }

    private sealed class File(string path, SourceText text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => text;
    }
}

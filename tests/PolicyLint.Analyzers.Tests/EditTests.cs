using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.Analyzers.Tests;

/// <summary>An edit of one file is seen in the others, though an analyzer keeps what it knows of each file.</summary>
public sealed class EditTests
{
    private const string Policies = """
        create table notes (id uuid primary key, user_id uuid not null, title text);
        create table posts (id uuid primary key, user_id uuid not null, title text);
        """;

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["Usings.cs"] = "global using System; global using System.Linq;",
        ["Note.cs"] = "namespace App; public class Note : Owned { public Guid Id { get; set; } public string? Title { get; set; } }",
        ["Owned.cs"] = "namespace App; public abstract class Owned { public Guid UserId { get; set; } }",
        ["Post.cs"] = "namespace App; public class Post { public Guid Id { get; set; } public Guid UserId { get; set; } }",
        ["NotesContext.cs"] = """
            using Microsoft.EntityFrameworkCore;
            namespace App;
            public class NotesContext(DbContextOptions options, Guid user) : DbContext(options)
            {
                public Guid User => user;
                public DbSet<Note> Notes => Set<Note>();
                public DbSet<Post> Posts => Set<Post>();
                protected override void OnModelCreating(ModelBuilder modelBuilder)
                {
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == User);
                    modelBuilder.ApplyConfiguration(new PostConfiguration());
                }
            }
            """,
        ["PostConfiguration.cs"] = """
            using Microsoft.EntityFrameworkCore;
            using Microsoft.EntityFrameworkCore.Metadata.Builders;
            namespace App;
            public class PostConfiguration : IEntityTypeConfiguration<Post>
            {
                public void Configure(EntityTypeBuilder<Post> builder) => builder.ToTable("posts");
            }
            """,
        ["Filters.cs"] = """
            using Microsoft.EntityFrameworkCore;
            namespace App;
            public static class Filters
            {
                public static void Apply(this ModelBuilder modelBuilder, NotesContext context) { }
            }
            """,
        ["Migration.cs"] = """
            using Microsoft.EntityFrameworkCore.Migrations;
            namespace App;
            [Migration("1")]
            public class First : Migration
            {
                protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Scripts.First);
            }
            """,
        ["Scripts.cs"] = """
            namespace App;
            public static class Scripts
            {
                public const string First = "create table tags (id uuid primary key, user_id uuid not null)";
            }
            """,
        ["NoteService.cs"] = """
            using System.Data;
            using Dapper;
            namespace App;
            public class NoteService(NotesContext context, IDbConnection connection)
            {
                public object Notes() => context.Notes.ToList();
                public object Posts() => context.Posts.ToList();
                public object Tags() => connection.Query("select * from tags");
                internal object Of(Guid id) => connection.Query("select * from notes where user_id = @id", new { id });
            }
            """,
        ["NotesController.cs"] = """
            using Microsoft.AspNetCore.Mvc;
            namespace App;
            public class NotesController(NoteService notes) : ControllerBase
            {
                [HttpGet] public object Mine() => notes.Of(Guid.Parse(User.Identity!.Name!));
            }
            """,
    };

    [Theory]
    [InlineData("an entity's name", "Post.cs", "class Post {", "class Post { public Guid Other { get; set; } public string? Name { get; set; } ", "")]
    [InlineData("an attribute, which says less than the configuration", "Post.cs", "public class Post", "[System.ComponentModel.DataAnnotations.Schema.Table(\"nowhere\")] public class Post", "")]
    [InlineData("an entity's base", "Note.cs", " : Owned", "", "PL5006")]
    [InlineData("a base class", "Owned.cs", "public Guid UserId { get; set; }", "", "")]
    [InlineData("a filter in the context", "NotesContext.cs", "note => note.UserId == User", "note => note.Title != null", "PL5006")]
    [InlineData("a filter on the base class", "NotesContext.cs", "Entity<Note>().HasQueryFilter(note", "Entity<Owned>().HasQueryFilter(note", "")]
    [InlineData("a helper of the context", "NotesContext.cs", "modelBuilder.ApplyConfiguration(", "modelBuilder.Apply(this); modelBuilder.ApplyConfiguration(", "")]
    [InlineData("a configuration's table", "PostConfiguration.cs", "\"posts\"", "\"nowhere\"", "-PL5006")]
    [InlineData("a configuration's filter", "PostConfiguration.cs", "builder.ToTable(\"posts\")", "builder.HasQueryFilter(post => post.UserId == Guid.Empty)", "-PL5006")]
    [InlineData("a base of the context", "NotesContext.cs", ": DbContext(options)", ": Microsoft.AspNetCore.Identity.EntityFrameworkCore.Missing(options)", "-PL5006")]
    [InlineData("a caller", "NotesController.cs", "Mine() => notes.Of(Guid.Parse(User.Identity!.Name!))", "Mine(Guid user) => notes.Of(user)", "PL5004")]
    [InlineData("a constant of a migration", "Scripts.cs", "user_id uuid not null", "kind uuid not null", "-PL5001")]
    [InlineData("a migration", "Migration.cs", "Scripts.First", "\"create table tags (id uuid primary key)\"", "-PL5001")]
    public async Task An_edit_elsewhere_is_seen(string what, string file, string from, string to, string change)
    {
        Assert.Contains(from, Files[file], StringComparison.Ordinal);
        var (analyzer, additional) = (new PolicyLintAnalyzer(), ImmutableArray.Create<AdditionalText>(new GivenFile("1.sql", SourceText.From(Policies))));
        var trees = Files.ToDictionary(given => given.Key, given => CSharpSyntaxTree.ParseText(given.Value, path: given.Key), StringComparer.Ordinal);
        var compilation = CSharpCompilation.Create("code", trees.Values, References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        var before = await FindAsync(analyzer, compilation, additional);
        var edited = compilation.ReplaceSyntaxTree(trees[file], CSharpSyntaxTree.ParseText(Files[file].Replace(from, to, StringComparison.Ordinal), path: file));
        var after = await FindAsync(analyzer, edited, additional);

        Assert.True(after.SequenceEqual(await FindAsync(new PolicyLintAnalyzer(), edited, additional)), what);
        if (change.Length > 0)
            Assert.True(change[0] == '-' ? Count(after, change[1..]) < Count(before, change[1..]) : Count(after, change) > Count(before, change), string.Join('\n', before) + "\n->\n" + string.Join('\n', after));
        Assert.Equal(before, await FindAsync(analyzer, compilation, additional));
    }

    [Fact]
    public async Task What_is_said_of_one_file_is_what_is_said_of_all()
    {
        var additional = ImmutableArray.Create<AdditionalText>(new GivenFile("1.sql", SourceText.From(Policies)));
        var compilation = CSharpCompilation.Create("code", Files.Select(file => CSharpSyntaxTree.ParseText(file.Value, path: file.Key)), References, new(OutputKind.DynamicallyLinkedLibrary));
        var file = compilation.SyntaxTrees.Single(tree => tree.FilePath == "NoteService.cs");
        var host = compilation.WithAnalyzers([new PolicyLintAnalyzer()], new AnalyzerOptions(additional));

        var alone = await host.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(file), null, default);

        var all = await FindAsync(new PolicyLintAnalyzer(), compilation, additional);
        Assert.Equal(all.Where(finding => finding.Contains("NoteService.cs", StringComparison.Ordinal)), Write(alone));
        Assert.NotEmpty(alone);
    }

    private static int Count(IEnumerable<string> findings, string id) => findings.Count(finding => finding.Contains(id, StringComparison.Ordinal));

    private static MetadataReference[] References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static async Task<IReadOnlyList<string>> FindAsync(DiagnosticAnalyzer analyzer, Compilation compilation, ImmutableArray<AdditionalText> files) =>
        Write(await compilation.WithAnalyzers([analyzer], new AnalyzerOptions(files)).GetAnalyzerDiagnosticsAsync());

    private static IReadOnlyList<string> Write(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Id is not "PL9008").Select(diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal)];

    private sealed class GivenFile(string path, SourceText text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => text;
    }
}

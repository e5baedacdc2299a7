using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PolicyLint.Core.Options;

namespace PolicyLint.CSharp.Tests;

/// <summary>What another assembly declares: constants are texts, contexts say what they map and not which filters they set.</summary>
public sealed class OtherAssemblyTests
{
    private const string Schema = """create table notes ("Id" uuid primary key, "TenantId" uuid not null, "Title" text not null);""";

    private const string Data = """
        using System;
        using Microsoft.EntityFrameworkCore;

        public static class Queries
        {
            public const string All = "select \"Id\" from notes";
        }

        public class Note
        {
            public Guid Id { get; set; }
            public Guid TenantId { get; set; }
            public string Title { get; set; } = "";
        }

        public class NotesContext : DbContext
        {
            public DbSet<Note> Notes { get; set; } = null!;
        }
        """;

    [Theory]
    [InlineData("object F(System.Data.IDbConnection c) => Dapper.SqlMapper.Query(c, Queries.All);", "PL5001")]
    [InlineData("object F(NotesContext db) => db.Notes.IgnoreQueryFilters().Where(n => n.Title == \"\").ToList();", "PL5007")]
    [InlineData("object F(NotesContext db) => db.Notes.ToList();", null)]
    [InlineData("object F(NotesContext db, System.Guid t) => db.Notes.IgnoreQueryFilters().Where(n => n.TenantId == t).ToList();", null)]
    public void What_it_says_is_known(string member, string? rule)
    {
        var code = $"using System.Linq; using Microsoft.EntityFrameworkCore; class Code {{ {member} }}";
        foreach (var reference in ((MetadataReference[])[Library().ToMetadataReference(), Image()]))
        {
            var findings = Compiled.Check(Schema, [("Code.cs", code)], PolicyLintOptions.Default, [], references: [reference]);

            Assert.Equal(rule is null ? [] : [rule], findings.Select(finding => finding.Rule.Id));
        }
    }

    private static CSharpCompilation Library() => CSharpCompilation.Create("data", [CSharpSyntaxTree.ParseText(Data)], Compiled.References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static MetadataReference Image()
    {
        using var image = new MemoryStream();
        Assert.True(Library().Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}

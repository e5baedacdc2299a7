using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.CSharp.Migrations;

namespace PolicyLint.CSharp.Tests;

/// <summary>Migrations written in C# make the same catalog as SQL, and findings in them stand in the C#.</summary>
public sealed class CodeMigrationTests
{
    private const string Code = """
        using System;
        using Microsoft.EntityFrameworkCore.Migrations;

        [Migration("2_policies")]
        public partial class Policies : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.AddColumn<string>(name: "title", table: "notes", nullable: true);
                migrationBuilder.Sql("alter table notes enable row level security");
                migrationBuilder.Sql($"create policy {Name} on notes using (true)");
            }

            private const string Name = "everyone";
        }

        [Migration("1_init")]
        public partial class Init : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder)
            {
                migrationBuilder.CreateTable(
                    name: "users",
                    columns: table => new { id = table.Column<Guid>(type: "uuid", nullable: false) },
                    constraints: table => table.PrimaryKey("pk_users", x => x.id));
                migrationBuilder.CreateTable(
                    name: "notes",
                    columns: table => new
                    {
                        id = table.Column<Guid>(type: "uuid", nullable: false),
                        UserId = table.Column<Guid>(name: "user_id", type: "uuid", nullable: false),
                        views = table.Column<int>(nullable: false, defaultValue: 0),
                    },
                    constraints: table =>
                    {
                        table.PrimaryKey("pk_notes", x => x.id);
                        table.ForeignKey("fk_notes_users", x => x.UserId, "users", "id", onDelete: ReferentialAction.Cascade);
                    });
                migrationBuilder.CreateIndex(name: "ix_notes_user", table: "notes", column: "user_id");
            }
        }
        """;

    [Fact]
    public void Typed_operations_and_SQL_are_replayed_in_order_of_their_ids()
    {
        var tree = CSharpSyntaxTree.ParseText(Code, path: "Migrations.cs");
        var compilation = CSharpCompilation.Create("migrations", [tree], Compiled.References, new(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));

        var migrations = CodeMigrations.Read(compilation, default);
        var result = SqlAnalyzer.Analyze(new([.. migrations.Select(migration => new InputFile(migration.Source, ScriptRole.Migration, IsOneTransaction: true))], PolicyLintOptions.Default, AnalysisLimits.Cli));

        Assert.Empty(result.Findings.Where(finding => finding.Rule.Id is "PL9001" or "PL3018").Select(finding => finding.Message));
        var notes = Assert.IsType<Table>(result.Catalog.Relations[new("public", "notes")]);
        Assert.Equal(["id", "user_id", "views", "title"], notes.Columns.Select(column => column.Name));
        Assert.Equal(["fk_notes_users", "pk_notes"], notes.Constraints.Select(constraint => constraint.Name).Order(StringComparer.Ordinal));
        Assert.Contains(notes.Indexes, index => index.Name == "ix_notes_user");
        var policy = Assert.Single(notes.Policies);
        Assert.Equal("everyone", policy.Name);

        var open = result.Findings.First(finding => finding.Rule.Id == "PL2001");
        var migration = migrations.Single(candidate => ReferenceEquals(candidate.Source, open.Location.Source));
        Assert.Equal(10, migration.Locate(open.Location.Span.Start, open.Location.Span.End).GetLineSpan().StartLinePosition.Line);
    }
}

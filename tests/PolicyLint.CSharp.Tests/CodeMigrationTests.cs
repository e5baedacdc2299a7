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

    [Theory]
    [InlineData("migrationBuilder.Sql(text);", false)]
    [InlineData("migrationBuilder.Sql($\"alter table notes {text}\");", true)]
    [InlineData("foreach (var table in new[] { text }) migrationBuilder.Sql(\"alter table \" + table + \" disable row level security\");", false)]
    [InlineData("Apply(migrationBuilder, text);", false)]
    [InlineData("migrationBuilder.Sql(text.Length > 3 ? \"alter table notes disable row level security\" : \"select 1\");", true)]
    public void What_is_not_constant_is_said_and_makes_the_table_that_it_names_unknown(string statement, bool isNamed)
    {
        var result = Replay($$"""
            using Microsoft.EntityFrameworkCore.Migrations;
            class Init : Migration
            {
                private readonly string text = System.Environment.GetEnvironmentVariable("x")!;
                protected override void Up(MigrationBuilder migrationBuilder)
                {
                    migrationBuilder.Sql("create table notes (id int primary key, user_id uuid not null); create policy everyone on notes using (true)");
                    {{statement}}
                }
                private static void Apply(MigrationBuilder builder, string sql) => builder.Sql(sql);
            }
            """);

        Assert.DoesNotContain(result.Findings, finding => finding.Rule.Id == "PL9001");
        Assert.Contains(result.Findings, finding => finding.Rule.Id == "PL9005" && finding.Message.Contains("public.notes", StringComparison.Ordinal) == isNamed);
        Assert.Equal(!isNamed, result.Findings.Any(finding => finding.Rule.Id == "PL1004"));
    }

    [Fact]
    public void Values_that_are_written_change_nothing_of_the_catalog()
    {
        var result = Replay("""
            using System;
            using Microsoft.EntityFrameworkCore.Migrations;
            class Init : Migration
            {
                protected override void Up(MigrationBuilder migrationBuilder)
                {
                    migrationBuilder.Sql("create table notes (id uuid primary key, user_id uuid not null)");
                    migrationBuilder.Sql($"insert into notes values ('{Guid.NewGuid()}', '{Guid.NewGuid()}')");
                    Rename(migrationBuilder);
                }
                private static void Rename(MigrationBuilder builder) => builder.Sql("alter table notes rename to pages");
            }
            """);

        Assert.DoesNotContain(result.Findings, finding => finding.Rule.Id is "PL9001" or "PL9005");
        Assert.Contains(result.Findings, finding => finding.Rule.Id == "PL1001" && finding.Subject.StartsWith("public.pages", StringComparison.Ordinal));
    }

    [Fact]
    public void FluentMigrator_and_DbUp_are_read_too()
    {
        var result = Replay("""
            using System;
            namespace FluentMigrator
            {
                public interface IExecuteExpressionRoot { void Sql(string sqlStatement); }
                public abstract class MigrationBase { public IExecuteExpressionRoot Execute => null!; public abstract void Up(); }
                public abstract class Migration : MigrationBase { }
                public sealed class MigrationAttribute(long version) : Attribute { public long Version => version; }
            }
            namespace DbUp.Engine
            {
                public interface IScript { string ProvideScript(Func<System.Data.IDbCommand> commands); }
            }
            namespace App
            {
                [FluentMigrator.Migration(10)]
                class Close : FluentMigrator.Migration { public override void Up() => Execute.Sql("alter table notes enable row level security; alter table notes force row level security"); }
                [FluentMigrator.Migration(9)]
                class Init : FluentMigrator.Migration { public override void Up() => Execute.Sql("create table notes (id int primary key, user_id uuid not null)"); }
                class Script0002 : DbUp.Engine.IScript
                {
                    public string ProvideScript(Func<System.Data.IDbCommand> commands) { return "create table pages (id int primary key, user_id uuid not null)"; }
                }
            }
            """);

        Assert.DoesNotContain(result.Findings, finding => finding.Rule.Id is "PL9001" or "PL9005");
        var open = Assert.Single(result.Findings, finding => finding.Rule.Id == "PL1001");
        Assert.StartsWith("public.pages", open.Subject, StringComparison.Ordinal);
    }

    private static AnalysisResult Replay(string code)
    {
        var compilation = CSharpCompilation.Create("migrations", [CSharpSyntaxTree.ParseText(code, path: "Migrations.cs")], Compiled.References, new(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        return SqlAnalyzer.Analyze(new(CodeMigrations.Before(CodeMigrations.Read(compilation, default), []), PolicyLintOptions.Default, AnalysisLimits.Cli));
    }
}

using System.Diagnostics;
using System.Text.Json;
using PolicyLint.Cli.Commands;

namespace PolicyLint.Cli.Tests.Code;

/// <summary>Projects and solutions on the command line: the same rules as in the compiler, in the same report as the SQL.</summary>
public sealed class CodeCheckTests : IClassFixture<CodeCheckTests.Solution>
{
    private readonly Solution _solution;

    public CodeCheckTests(Solution solution) => _solution = solution;

    [Fact]
    public void A_solution_shows_what_its_SQL_and_its_code_do()
    {
        var run = Policylint.Check(_solution.Folder.Root, new(["App.slnx"]) { Format = "json" });

        using var report = JsonDocument.Parse(run.Output);
        Assert.Empty(report.RootElement.GetProperty("problems").EnumerateArray());
        Assert.Equal(
            ["App/Notes.cs:5 PL5001", "Data/Setup.cs:6 PL1001"],
            report.RootElement.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("rule").GetString() is "PL1001" or "PL5001")
                .Select(finding => $"{finding.GetProperty("path")}:{finding.GetProperty("line")} {finding.GetProperty("rule")}"));
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void A_connection_string_is_shown_where_it_stands()
    {
        var run = Policylint.Check(_solution.Folder.Root, new(["App.slnx"]) { Format = "json" });

        using var report = JsonDocument.Parse(run.Output);
        var finding = Assert.Single(report.RootElement.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("rule").GetString() == "PL5012");
        Assert.Equal("App/appsettings.json:3", $"{finding.GetProperty("path")}:{finding.GetProperty("line")}");
    }

    [Fact]
    public void Coverage_answers_for_every_place()
    {
        var run = Policylint.Check(_solution.Folder.Root, new(["App.slnx"]) { Format = "json", WithCoverage = true });

        using var report = JsonDocument.Parse(run.Output);
        var coverage = report.RootElement.GetProperty("coverage");
        Assert.Equal(4, coverage.GetProperty("places").GetInt32());
        Assert.Equal(2, coverage.GetProperty("open").GetInt32());
        Assert.Equal(1, coverage.GetProperty("condition").GetInt32());
        var unread = Assert.Single(coverage.GetProperty("sites").EnumerateArray(), site => site.GetProperty("answer").GetString() == "notAnalysed");
        Assert.Equal(8, unread.GetProperty("line").GetInt32());
        Assert.NotEqual("", unread.GetProperty("reason").GetString());
    }

    [Fact]
    public void Coverage_is_said_to_people_where_they_ask()
    {
        Assert.Contains("4 places in C# run SQL or a query", Policylint.Check(_solution.Folder.Root, new(["App.slnx"]) { WithCoverage = true }).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("places in C#", Policylint.Check(_solution.Folder.Root, new(["App.slnx"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_that_cannot_be_loaded_is_said_and_the_others_are_checked()
    {
        var run = Policylint.Check(_solution.Folder.Root, new(["Broken.slnx"]));

        Assert.Contains("not checked: Gone/Gone.csproj: not loaded: there is no such project", run.Output, StringComparison.Ordinal);
        Assert.Contains("Unrestored/Unrestored.csproj: not loaded: its packages are not restored", run.Output, StringComparison.Ordinal);
        Assert.Contains("PL5001", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public void What_a_commit_had_is_known_after_lines_moved()
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(_solution.Folder.Root, "*", SearchOption.AllDirectories))
            copy.With(Path.GetRelativePath(_solution.Folder.Root, file), File.ReadAllBytes(file));
        Solution.Run("dotnet", copy.Root, "restore", "App.slnx", "-v:q");
        File.WriteAllText(Path.Combine(copy.Root, ".gitignore"), "obj/\n");
        Solution.Run("git", copy.Root, "init", "-q");
        Solution.Run("git", copy.Root, "add", "-A");
        Solution.Run("git", copy.Root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one");
        var code = Path.Combine(copy.Root, "App", "Notes.cs");
        File.WriteAllText(code, "// A line above.\n" + File.ReadAllText(code).Replace("public object Mine", "public object Recent() => connection.Query(\"select title from notes\");\n    public object Mine", StringComparison.Ordinal));

        var run = Policylint.Check(copy.Root, new(["App.slnx"]) { Format = "json", Since = "HEAD" });

        using var report = JsonDocument.Parse(run.Output);
        var finding = Assert.Single(report.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("App/Notes.cs:7", $"{finding.GetProperty("path")}:{finding.GetProperty("line")}");
    }

    /// <summary>Two projects, one of which refers to the other and neither of which was built.</summary>
    public sealed class Solution : IDisposable
    {
        private const string Project = """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <ItemGroup Condition="'$(MSBuildProjectName)' == 'App'"><ProjectReference Include="../Data/Data.csproj" /></ItemGroup>
            </Project>
            """;

        public Solution()
        {
            Folder.With("App.slnx", """<Solution><Project Path="App/App.csproj" /><Project Path="Data/Data.csproj" /></Solution>""")
                .With("Broken.slnx", """<Solution><Project Path="Gone/Gone.csproj" /><Project Path="App/App.csproj" /><Project Path="Data/Data.csproj" /><Project Path="Unrestored/Unrestored.csproj" /></Solution>""")
                .With("policylint.yml", "platform: plain\n")
                .With("App/App.csproj", Project)
                .With("Data/Data.csproj", Project)
                .With("App/Notes.cs", """
                    using Dapper;
                    namespace App;
                    public sealed class Notes(System.Data.IDbConnection connection)
                    {
                        public object All() => connection.Query("select id from notes");
                        public object Mine(System.Guid userId) => connection.Query("select id from notes where user_id = @userId", new { userId });
                    #pragma warning disable PL5001
                        public object Any(string sql) => connection.Query(sql);
                        public object Meant() => connection.Query("select title from notes");
                    }
                    """)
                .With("App/appsettings.json", """
                    {
                      "ConnectionStrings": {
                        "Main": "Host=db;Database=app;Username=postgres"
                      }
                    }
                    """)
                .With("Data/Setup.cs", """
                    using Microsoft.EntityFrameworkCore.Migrations;
                    namespace Data;
                    public sealed class Setup : Migration
                    {
                        protected override void Up(MigrationBuilder migrationBuilder) =>
                            migrationBuilder.Sql("create table notes (id int primary key, user_id uuid not null, title text); create table kinds (id int primary key); alter table kinds enable row level security");
                    }
                    """)
                .With("Data/Libraries.cs", """
                    namespace Dapper { public static class SqlMapper { public static object Query(this System.Data.IDbConnection cnn, string sql, object param = null) => sql; } }
                    namespace Microsoft.EntityFrameworkCore.Migrations
                    {
                        public class MigrationBuilder { public void Sql(string sql) { } }
                        public class Migration { protected virtual void Up(MigrationBuilder migrationBuilder) { } }
                    }
                    """);
            Run("dotnet", Folder.Root, "restore", "App.slnx", "-v:q");
            Folder.With("Unrestored/Unrestored.csproj", Project);
        }

        internal TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        internal static void Run(string program, string folder, params string[] arguments)
        {
            var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true };
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output);
        }
    }
}

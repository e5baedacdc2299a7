using System.Text;
using PolicyLint.Cli.Commands;
using PolicyLint.Cli.Projects;

namespace PolicyLint.Cli.Tests;

/// <summary>Input that cannot be used: said with its place and what to do, exit code 2, and the other files are still checked.</summary>
public sealed class BadInputTests
{
    private const string Checked = "create table public.notes (id int, user_id uuid);\n";

    /// <summary>A file beside a good one, and what must be said about it.</summary>
    public static TheoryData<string, byte[], string[]> Files => new()
    {
        { "x.sql", [0x50, 0x4B, 0x03, 0x04, 0, 0], ["x.sql: not read: this is not a text file", "save it as UTF-8"] },
        { "x.sql", Encoding.Unicode.GetBytes("select 1;"), ["x.sql: not read: this is not a text file"] },
        { "x.sql", Text("select 1;\n\\i x.sql\n"), ["x.sql:2:1: files include each other in a cycle: x.sql -> x.sql", "take one of the includes out"] },
        { "x.sql", Text("\\ir sub/missing.sql\n"), ["x.sql:1:1: \\ir sub/missing.sql: there is no such file"] },
        { "x.sql", Text("\\i\n"), ["x.sql:1:1: \\i : there is no such file"] },
        { "x.sql", Text("\\i :folder/y.sql\n"), ["x.sql:1:1: \\i :folder/y.sql: there is no such file"] },
        { "policylint.yml", Text("platfrom: plain\n"), ["policylint.yml:1:1: unknown key `platfrom`", "did you mean `platform`?"] },
        { "policylint.yml", Text("# x\nplatform: [plain]\n"), ["policylint.yml:2:11: expected a text"] },
        { "policylint.yml", Text("rules: true\n"), ["policylint.yml:1:8: rules is a mapping of keys to values"] },
        { "policylint.yml", Text("rules: { PL9999: error }\n"), ["policylint.yml:1:10: there is no rule PL9999"] },
        { "policylint.yml", Text("tenancy: { user_id: { is: \"auth.uid(\" } }\n"), ["policylint.yml:1:", "is not an expression"] },
        { "policylint.yml", Text("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"), ["policylint.yml:2:8: anchors and aliases"] },
        { "policylint.yml", Text("platform: !!python/object:os.system x\n"), ["policylint.yml:1:11: "] },
        { "policylint.yml", Text("platform: plain\n---\nplatform: plain\n"), ["policylint.yml:2:1: a configuration is one document"] },
        { "policylint.yml", Text("platform: {\n"), ["policylint.yml:"] },
        { "policylint.yml", Text(new string('[', 200_000)), ["policylint.yml:1:", "nested more than"] },
        { "policylint.yml", Text("a: \"" + new string('x', 1_000_001) + "\"\n"), ["policylint.yml:1:1: the file has", "at most"] },
        { "policylint.yml", [0xFF, 0, 0, 1], ["policylint.yml: not read"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_wrong_is_said_and_the_other_file_is_checked(string path, byte[] bytes, string[] message)
    {
        using var folder = new TemporaryFolder().With("1.sql", Checked).With(path, bytes);

        var run = Policylint.Check(folder.Root, new(["."]));

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Contains("PL1001", run.Output, StringComparison.Ordinal);
        var line = Assert.Single(run.Output.Split('\n'), line => line.StartsWith("not checked: ", StringComparison.Ordinal));
        Assert.All(message, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing", "missing: there is no such file or folder")]
    [InlineData("empty", "empty: there are no .sql files")]
    [InlineData("prose", "prose: there are no .sql files")]
    [InlineData("notes.txt", "notes.txt: not checked: neither a .sql nor a .md file")]
    public void A_path_without_sql_is_said(string path, string message)
    {
        using var folder = new TemporaryFolder().With("db/1.sql", Checked).With("empty/x.txt", "").With("prose/x.md", "# no SQL\n").With("notes.txt", "");

        var run = Policylint.Check(folder.Root, new(["db", path]));

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Contains("PL1001", run.Output, StringComparison.Ordinal);
        Assert.Contains("not checked: " + message, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_cycle_is_found_once_and_a_shared_file_is_none()
    {
        using var folder = new TemporaryFolder()
            .With("a.sql", "\\i b.sql\n\\ir sub/c.sql\n").With("b.sql", "\\ir 'sub/c.sql'\n").With("sub/c.sql", "\\ir ../a.sql\nselect 1;");

        var (_, problems) = ProjectFinder.Find(["."], folder.Root);

        Assert.Equal("sub/c.sql:1:1", Assert.Single(problems).Path);
        Assert.Contains("a.sql -> b.sql -> sub/c.sql -> a.sql", problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_said()
    {
        using var folder = new TemporaryFolder().With("1.sql", Checked).With("2.sql", "select 1;");
        using var held = new FileStream(Path.Combine(folder.Root, "2.sql"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var run = Policylint.Check(folder.Root, new(["."]));

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Contains("PL1001", run.Output, StringComparison.Ordinal);
        Assert.Contains("not checked: 2.sql: not read: ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create table t (;", false, ExitCode.Findings)]
    [InlineData("create table t (;", true, ExitCode.NotDone)]
    [InlineData("do $$ begin execute (select x from y); end $$;", false, ExitCode.Clean)]
    [InlineData("do $$ begin execute (select x from y); end $$;", true, ExitCode.NotDone)]
    [InlineData("select 1;", true, ExitCode.Clean)]
    public void Strict_takes_what_could_not_be_analysed_as_not_done(string sql, bool isStrict, int expected)
    {
        using var folder = new TemporaryFolder().With("1.sql", sql);

        Assert.Equal(expected, Policylint.Check(folder.Root, new(["."]) { IsStrict = isStrict }).ExitCode);
    }

    [Fact]
    public void A_fault_of_the_program_names_what_it_was_at_and_leaves_the_rest_standing()
    {
        Exception fault;
        try
        {
            throw new InvalidOperationException("no such thing");
        }
        catch (InvalidOperationException e)
        {
            fault = e;
        }
        var report = Output.Samples.Report() with { Problems = [], InternalErrors = [InternalErrors.Describe("db", fault)] };

        var text = Output.Samples.Render("text", report);

        Assert.Contains($"internal error: the analysis failed on db: InvalidOperationException in {nameof(BadInputTests)}.", text, StringComparison.Ordinal);
        Assert.Contains("PL1001", text, StringComparison.Ordinal);
        Assert.Contains("Please report it", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.InternalError, report.ExitCodeFor(Core.Findings.Severity.None));
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

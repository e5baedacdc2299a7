using PolicyLint.Cli.Baselines;
using PolicyLint.Cli.Commands;

namespace PolicyLint.Cli.Tests.Baselines;

public sealed class SinceTests
{
    private const string Open = "create table public.notes (id int, user_id uuid);\n";
    private const string OpenToo = "create table public.tasks (id int, user_id uuid);\n";

    private static readonly CheckRequest Request = new(["."]) { Format = "json" };

    [Fact]
    public void Only_what_the_commit_did_not_have_is_reported()
    {
        using var folder = Repository(("db/1.sql", Open));
        folder.With("db/1.sql", "-- moved down\n\n" + Open).With("db/2.sql", OpenToo);

        var all = Policylint.Check(folder.Root, Request);
        var run = Policylint.Check(folder.Root, Request with { Since = "HEAD" });

        Assert.Contains("public.notes", all.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("public.notes", run.Output, StringComparison.Ordinal);
        Assert.Contains("public.tasks", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
    }

    [Fact]
    public void Nothing_new_is_clean_from_a_folder_below_too()
    {
        using var folder = Repository(("db/ü 1.sql", Open), ("db/policylint.yml", "rules: { PL1001: error }\n"));
        Git(folder, "tag", "start");
        folder.With("db/ü 1.sql", "\n" + Open);

        var run = Policylint.Check(Path.Combine(folder.Root, "db"), Request with { Since = "start" });

        Assert.Equal((ExitCode.Clean, ""), (run.ExitCode, run.Messages));
    }

    [Fact]
    public void One_database_more_with_the_same_finding_is_new()
    {
        using var folder = Repository(("a/1.sql", Open), ("a/policylint.yml", "platform: plain\n"));
        folder.With("b/1.sql", Open).With("b/policylint.yml", "platform: plain\n");

        var run = Policylint.Check(folder.Root, Request with { Since = "HEAD" });

        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Contains("\"path\": \"b/1.sql\"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"path\": \"a/1.sql\"", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-branch", "there is no commit no-such-branch here")]
    [InlineData("--output=x", "there is no commit --output=x here")]
    [InlineData("HEAD:db", "there is no commit HEAD:db here")]
    public void A_ref_that_is_none_is_said(string reference, string message)
    {
        using var folder = Repository(("db/1.sql", Open));

        var run = Policylint.Check(folder.Root, Request with { Since = reference });

        Assert.Equal((ExitCode.NotDone, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_of_a_repository_it_says_so()
    {
        using var folder = new TemporaryFolder().With("1.sql", Open);

        var run = Policylint.Check(folder.Root, Request with { Since = "HEAD" });

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Contains("not inside a git repository", run.Messages, StringComparison.Ordinal);
    }

    private static TemporaryFolder Repository(params (string Path, string Text)[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var (path, text) in files)
            folder.With(path, text);
        Git(folder, "init", "-q");
        Git(folder, "add", "-A");
        Git(folder, "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "start");
        return folder;
    }

    private static void Git(TemporaryFolder folder, params string[] arguments) => Assert.True(GitProcess.Run(folder.Root, arguments, out var words) is not null, words);
}

using PolicyLint.Cli.Baselines;
using PolicyLint.Cli.Commands;

namespace PolicyLint.Cli.Tests.Baselines;

public sealed class BaselineTests
{
    private const string Open = "create table public.notes (id int, user_id uuid);\n";

    private static readonly CheckRequest Request = new(["."]) { Format = "json", Baseline = BaselineFile.DefaultName };

    [Fact]
    public void What_the_baseline_has_is_known_wherever_it_moves()
    {
        using var folder = new TemporaryFolder().With("1.sql", Open);
        var written = Policylint.Run(folder.Root, terminal => BaselineCommand.Run(["."], BaselineFile.DefaultName, terminal, default));
        File.Delete(Path.Combine(folder.Root, "1.sql"));
        folder.With("moved/01.sql", "\n\n" + Open);

        var run = Policylint.Check(folder.Root, Request);

        Assert.Equal(ExitCode.Clean, written.ExitCode);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.Contains("\"findings\": []", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"known\": 0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_findings_are_counted()
    {
        using var one = new TemporaryFolder().With("a/1.sql", Open).With("a/policylint.yml", "platform: plain\n");
        Policylint.Run(one.Root, terminal => BaselineCommand.Run(["."], BaselineFile.DefaultName, terminal, default));
        one.With("b/1.sql", Open).With("b/policylint.yml", "platform: plain\n");

        Assert.Equal(ExitCode.Findings, Policylint.Check(one.Root, Request).ExitCode);
        Policylint.Run(one.Root, terminal => BaselineCommand.Run(["."], BaselineFile.DefaultName, terminal, default));
        Assert.Equal(ExitCode.Clean, Policylint.Check(one.Root, Request).ExitCode);
    }

    [Theory]
    [InlineData(null, "not read")]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not a baseline")]
    [InlineData("{\"version\": 1}", "not a baseline")]
    [InlineData("{\"version\": \"1\"}", "not a baseline")]
    [InlineData("{\"version\": 2, \"findings\": []}", "its version is 2")]
    [InlineData("{\"version\": 1, \"findings\": [{\"fingerprint\": 1}]}", "not a baseline")]
    public void A_file_that_is_no_baseline_is_refused_with_what_to_do(string? text, string message)
    {
        using var folder = new TemporaryFolder().With("1.sql", Open);
        if (text is not null)
            folder.With(BaselineFile.DefaultName, text);

        var run = Policylint.Check(folder.Root, Request);

        Assert.Equal((ExitCode.NotDone, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"policylint: {BaselineFile.DefaultName}: {message}", run.Messages, StringComparison.Ordinal);
    }
}

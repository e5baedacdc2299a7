using PolicyLint.Cli.Commands;
using PolicyLint.Cli.Projects;
using PolicyLint.Testing;

namespace PolicyLint.Cli.Tests;

public sealed class InitTests
{
    [Fact]
    public void What_was_inferred_is_written_to_be_read()
    {
        using var folder = new TemporaryFolder()
            .With("supabase/migrations/1.sql", """
                create table public.notes (id int, user_id uuid, team_id uuid);
                create table public."odd: name" ("owner: id" uuid);
                create policy a on public.notes to authenticated using (user_id = (select auth.uid()));
                create policy b on public.notes to authenticated using (team_id in (select team_id from public.members where member = auth.uid()));
                create policy c on public."odd: name" to authenticated using ("owner: id" = auth.uid());
                """)
            .With("supabase/rollback/1.sql", "drop table public.notes;");

        var run = Policylint.Run(folder.Root, terminal => InitCommand.Run(".", force: false, terminal, default));

        Assert.Equal((ExitCode.Clean, ""), (run.ExitCode, run.Messages));
        var written = File.ReadAllText(Path.Combine(folder.Root, "policylint.yml"));
        Assert.Equal(Snapshot.Of(written), written);
    }

    [Fact]
    public void What_a_configuration_cannot_say_as_it_was_inferred_stays_a_comment()
    {
        using var folder = new TemporaryFolder().With("1.sql", """
            create table public.profiles (id uuid, org_id uuid);
            create table public.orgs (id uuid);
            create policy a on public.profiles to authenticated using (id = auth.uid());
            """);

        Policylint.Run(folder.Root, terminal => InitCommand.Run(".", force: false, terminal, default));

        var written = File.ReadAllText(Path.Combine(folder.Root, "policylint.yml"));
        Assert.Contains("\n# tenancy:\n", written, StringComparison.Ordinal);
        Assert.Contains("#   id: { is: auth.uid() }   # 1 table, but 2 have a column of this name", written, StringComparison.Ordinal);
        Assert.Contains("#   org_id: { is: … }   # 1 table, by its name", written, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SampleTests.Documented), MemberType = typeof(SampleTests))]
    public void What_is_written_can_be_read_and_switches_no_finding_off(string sample)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "samples", sample), "*.sql", SearchOption.AllDirectories))
            folder.With(Path.GetRelativePath(Path.Combine(RepositoryRoot.Path, "samples", sample), file), File.ReadAllBytes(file));
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, folder.Root, UseColor: false, ShowProgress: false);

        var inferred = CheckCommand.Check(["."], terminal, default);
        Assert.Equal(ExitCode.Clean, InitCommand.Run(".", force: false, terminal, default));
        var configured = CheckCommand.Check(["."], terminal, default);

        Assert.Empty(configured.Problems);
        Assert.Empty(Ids(inferred).Except(Ids(configured)));
    }

    [Fact]
    public void A_configuration_that_is_there_is_kept_without_force_and_not_read_with_it()
    {
        using var folder = new TemporaryFolder().With("1.sql", "create table t (id int);").With("policylint.yml", "platform: supabase\n");

        var refused = Policylint.Run(folder.Root, terminal => InitCommand.Run(".", force: false, terminal, default));
        var kept = File.ReadAllText(Path.Combine(folder.Root, "policylint.yml"));
        var forced = Policylint.Run(folder.Root, terminal => InitCommand.Run(".", force: true, terminal, default));

        Assert.Equal((ExitCode.NotDone, "platform: supabase\n"), (refused.ExitCode, kept));
        Assert.Contains("--force overwrites it", refused.Messages, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Clean, forced.ExitCode);
        Assert.Contains("platform: plain", File.ReadAllText(Path.Combine(folder.Root, "policylint.yml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_migrations_nothing_is_written()
    {
        using var folder = new TemporaryFolder().With("x.txt", "");

        var run = Policylint.Run(folder.Root, terminal => InitCommand.Run(".", force: false, terminal, default));

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Contains("there are no migrations to go by", run.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Root, ProjectFinder.ConfigurationName)));
    }

    private static IEnumerable<string> Ids(Report report) => report.Findings.Select(f => f.Rule.Id + " " + f.Subject).Order(StringComparer.Ordinal);
}

using PolicyLint.Cli.Commands;
using PolicyLint.Testing;

namespace PolicyLint.Cli.Tests;

public sealed class AccessCommandTests
{
    private const string Before = """
        create table public.notes (id uuid primary key, user_id uuid not null, is_public boolean not null default false);
        create index on public.notes (user_id);
        alter table public.notes enable row level security;
        create policy own on public.notes for all to authenticated using (user_id = (select auth.uid()));
        create table public.drafts (id uuid primary key, user_id uuid not null, tenant_id uuid);
        create index on public.drafts (user_id);
        alter table public.drafts enable row level security;
        create policy own on public.drafts for select to authenticated using (user_id = (select auth.uid()));
        create table public.circles (id uuid primary key, user_id uuid not null);
        alter table public.circles enable row level security;
        create policy round on public.circles for select to authenticated using (id in (select c.id from public.circles c));

        """;

    private const string Change = """
        begin;
        create policy "public ones" on public.notes for select to anon, authenticated using (is_public);
        drop policy own on public.drafts;
        create policy tenant on public.drafts for select to authenticated using (tenant_id = (select auth.uid()));
        create table public.logs (id uuid primary key, message text);
        commit;

        """;

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("markdown")]
    public void A_map_looks_like_this(string format)
    {
        using var folder = new TemporaryFolder().With("db/1.sql", Before);

        var (exitCode, output) = Access(folder, format, since: null);

        Assert.Equal(ExitCode.Clean, exitCode);
        Assert.Equal(Snapshot.Of(output, format), output);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("markdown")]
    public void What_a_branch_changes_looks_like_this(string format)
    {
        using var folder = Repository();
        folder.With("db/2.sql", Change);

        var (exitCode, output) = Access(folder, format, "HEAD");

        Assert.Equal(ExitCode.Clean, exitCode);
        Assert.Equal(Snapshot.Of(output, format), output);
    }

    [Fact]
    public void Nothing_changed_is_said()
    {
        using var folder = Repository();

        Assert.Contains("no change of access", Access(folder, "text", "HEAD").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ref_that_is_none_is_said()
    {
        using var folder = Repository();

        Assert.Equal(ExitCode.NotDone, Access(folder, "text", "no-such-branch").ExitCode);
    }

    private static (int ExitCode, string Output) Access(TemporaryFolder folder, string format, string? since)
    {
        using var output = new StringWriter { NewLine = "\n" };
        return (AccessCommand.Run(["."], format, since, new(output, TextWriter.Null, folder.Root, UseColor: false, ShowProgress: false), default), output.ToString());
    }

    private static TemporaryFolder Repository()
    {
        var folder = new TemporaryFolder().With("db/1.sql", Before);
        Git(folder, "init", "-q");
        Git(folder, "add", "-A");
        Git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "start");
        return folder;
    }

    private static void Git(TemporaryFolder folder, params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = folder.Root })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}

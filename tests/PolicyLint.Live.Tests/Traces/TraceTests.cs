using System.Diagnostics;
using System.Text.RegularExpressions;
using PolicyLint.Cli;
using PolicyLint.Cli.Verification;
using PolicyLint.Configuration;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Core.Rules;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Scratch;
using PolicyLint.Live.Tests.Verification;
using PolicyLint.Live.Verification;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Tests.Traces;

/// <summary>A check leaves nothing behind in the database that it checks, however it ends, and says what it could not do.</summary>
[Collection(PostgresCollection.Name)]
public sealed partial class TraceTests(PostgresFixture postgres)
{
    private const string Folder = "Data/traces";
    private const string Name = "traces";
    private const string RunName = "the run under test";
    private static readonly SafeSessionOptions Session = new() { ApplicationName = RunName };

    [SkippableTheory]
    [InlineData("postgres", ProbeMode.Write, 5)]
    [InlineData("postgres", ProbeMode.Read, 7)]
    [InlineData("deployer", ProbeMode.Write, 2)]
    [InlineData("deployer", ProbeMode.Read, 7)]
    public async Task A_full_run_leaves_the_database_as_it_was(string user, ProbeMode mode, int probed)
    {
        await using var database = await CreateAsync();
        await using var server = new CutConnection(Cluster, database);
        var before = await DumpAsync();
        var report = await RunAsync(server.Target, user, mode);

        Assert.Empty(report.Problems);
        Assert.Empty(report.InternalErrors);
        Assert.NotEmpty(Assert.Single(report.Plans).Results);
        Assert.DoesNotContain(report.Findings, static f => f.Rule.Id is "PL7002" or "PL7003");
        Assert.Contains(report.Notes, note => note.StartsWith($"probed {probed} of 7 tenant tables", StringComparison.Ordinal));
        Assert.Equal(before, await DumpAsync());

        var begun = Beginning().Matches(server.Said).Select(static match => match.Value).ToList();
        Assert.True(begun.Count >= 3, $"{begun.Count} transactions");
        Assert.Equal(mode == ProbeMode.Write ? 1 : 0, begun.Count(static text => !text.Contains("read only", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task What_would_leave_something_behind_is_not_tried_and_the_rest_is()
    {
        await using var database = await CreateAsync();
        var asSuperuser = await RunAsync(database.Target, "postgres", ProbeMode.Write);
        var asOwner = await RunAsync(database.Target, "deployer", ProbeMode.Write);

        // A superuser keeps triggers from firing.
        Assert.Equal(["public.rewritten", "public.watched"], NotProbed(asSuperuser));
        Assert.Equal(["public.audited", "public.notes", "public.replies", "public.rewritten", "public.watched"], NotProbed(asOwner));
        
        Assert.Contains(asOwner.Notes, static note => note.Contains("the trigger audit on public.audited fires", StringComparison.Ordinal));

        static IEnumerable<string> NotProbed(Report report) => report.Notes
            .Where(static note => note.StartsWith("not probed: any on", StringComparison.Ordinal)).Select(static note => note.Split(' ')[4]).Distinct().Order(StringComparer.Ordinal);
    }

    [SkippableFact]
    public async Task A_run_that_is_killed_at_any_moment_leaves_nothing()
    {
        await using var database = await CreateAsync();
        var before = await DumpAsync();
        int all;
        await using (var server = new CutConnection(Cluster, database))
        {
            await RunAsync(server.Target, "postgres", ProbeMode.Write);
            all = server.Messages;
        }

        foreach (var seed in Enumerable.Range(1, 8))
        {
            var moment = new Random(seed).Next(1, all);
            await using var server = new CutConnection(Cluster, database, moment);
            var report = await RunAsync(server.Target, "postgres", ProbeMode.Write);

            Assert.True(report.ExitCodeFor(Core.Findings.Severity.Error) == ExitCode.NotDone, $"cut after {moment} of {all} messages: {string.Join("\n", report.Problems)}");
            await AssertNobodyIsConnectedAsync();
        }
        Assert.Equal(before, await DumpAsync());
    }

    // The command as it is built, and a real SIGKILL: nothing of the process is left to take anything back.
    [SkippableFact]
    public async Task A_process_that_is_killed_at_one_of_four_moments_leaves_nothing()
    {
        await using var database = await CreateAsync();
        var before = await DumpAsync();
        int all;
        await using (var server = new CutConnection(Cluster, database))
        {
            using var whole = StartProcess(server.Target);
            var said = await whole.StandardOutput.ReadToEndAsync();
            await whole.WaitForExitAsync();
            Assert.Contains("\"plans\": [", said, StringComparison.Ordinal);
            Assert.Contains("\"prover\": \"proven\"", said, StringComparison.Ordinal);
            Assert.Equal(before, await DumpAsync());
            all = server.Messages;
        }

        // Most of the messages are the probes', which write.
        foreach (var moment in new[] { all / 4, all / 2, all * 3 / 4, all - 3 })
        {
            var started = new TaskCompletionSource<Process>();
            await using var server = new CutConnection(Cluster, database, moment, async () => (await started.Task).Kill());
            using var process = StartProcess(server.Target);
            started.SetResult(process);
            await process.WaitForExitAsync();

            Assert.NotEqual("", server.Said);
            Assert.DoesNotContain(process.ExitCode, new[] { ExitCode.Clean, ExitCode.Findings, ExitCode.NotDone, ExitCode.InternalError });
            await AssertNobodyIsConnectedAsync("application_name = 'policylint' and state <> 'idle'");
            Assert.Equal(before, await DumpAsync());
        }
    }

    [SkippableFact]
    public async Task A_server_that_is_busy_notices_that_its_client_is_gone()
    {
        await using var database = await CreateAsync();
        await using var server = new CutConnection(Cluster, database);
        await using var session = await ProbeSession.BeginAsync(server.Target, Session, isReadOnly: false, default);
        await session.ExecuteAsync("lock table public.notes", default);
        var busy = session.ExecuteAsync("select pg_sleep(600)", default);
        server.Cut();

        await Assert.ThrowsAnyAsync<Exception>(() => busy);
        await AssertNobodyIsConnectedAsync();
    }

    [SkippableFact]
    public async Task So_does_one_that_is_busy_with_a_query_of_a_plan()
    {
        await using var database = await CreateAsync();
        await using var server = new CutConnection(Cluster, database);
        await using var session = await SafeSession.OpenAsync(server.Target, Session);
        var busy = session.QueryAsync("select pg_sleep(600)", static _ => 0);
        server.Cut();

        await Assert.ThrowsAsync<SessionException>(() => busy);
        await AssertNobodyIsConnectedAsync();
    }

    [SkippableFact]
    public async Task A_server_that_dies_in_the_middle_is_said_and_what_was_done_stays()
    {
        PostgresFixture.RequirePostgres();
        await using var cluster = await ScratchCluster.StartAsync();
        var database = await CreateAsync(cluster);
        int all, read;
        await using (var server = new CutConnection(cluster, database))
        {
            await RunAsync(server.Target, "postgres", ProbeMode.Write);
            all = server.Messages;
        }
        await using (var server = new CutConnection(cluster, database))
        {
            await RunAsync(server.Target, "postgres", probe: null);
            read = server.Messages;
        }
        await using (var server = new CutConnection(cluster, database, (all + read) / 2, () => cluster.DisposeAsync().AsTask()))
        {
            var report = await RunAsync(server.Target, "postgres", ProbeMode.Write);

            Assert.Equal(ExitCode.NotDone, report.ExitCodeFor(Core.Findings.Severity.Error));
            Assert.Contains(report.Problems, static problem => problem.Message.Contains("stopped after", StringComparison.Ordinal));
            Assert.Contains(report.Findings, static finding => finding.Rule.Id == "PL7004");
            Assert.NotEmpty(Assert.Single(report.Plans).Results);
        }
    }

    [SkippableTheory]
    [InlineData(ProbeMode.Read)]
    [InlineData(ProbeMode.Write)]
    public async Task Whoever_may_read_the_catalog_alone_is_told_what_could_not_be_checked(ProbeMode mode)
    {
        await using var database = await CreateAsync();
        var report = await RunAsync(database.Target, "onlooker", mode);

        Assert.Equal(ExitCode.NotDone, report.ExitCodeFor(Core.Findings.Severity.Error));
        Assert.Contains(report.Findings, static finding => finding.Rule.Id == "PL7004");
        Assert.Equal(3, report.Problems.Count);
        Assert.StartsWith("plan.yml:3:15: public.notes.user_id is never null: ", report.Problems[0].ToString(), StringComparison.Ordinal);
        Assert.EndsWith("would be affected by row-level security policy for table \"notes\"", report.Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("not probed as anon: permission denied to set role \"anon\"", report.Problems[1].ToString());
        Assert.Equal("not probed as authenticated: permission denied to set role \"authenticated\"", report.Problems[2].ToString());
    }

    private ScratchCluster Cluster => postgres.On(PlatformSql.Supabase);

    private Task<ScratchDatabase> CreateAsync() => CreateAsync(Cluster);

    private static async Task<ScratchDatabase> CreateAsync(ScratchCluster cluster)
    {
        var database = await cluster.CreateDatabaseAsync(Name, PlatformSql.Supabase);
        foreach (var file in new[] { "migrations.sql", "rows.sql" })
            await SampleDatabase.ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, Folder, file)));

        // What the files do not make; and who owns the tables on a server of which nobody is the superuser.
        await SampleDatabase.ExecuteAsync(database, """
            create policy by_hand on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create role deployer login noinherit;
            create role onlooker login;
            grant authenticated, anon to deployer;
            grant all on schema public, auth to deployer;
            grant all on all tables in schema auth to deployer;
            """);
        foreach (var table in new[] { "notes", "letters", "tickets", "audited", "watched", "rewritten", "replies", "reply_log" })
            await SampleDatabase.ExecuteAsync(database, $"alter table public.{table} owner to deployer");
        await SampleDatabase.ExecuteAsync(database, "grant usage on all sequences in schema public to deployer");
        return database;
    }

    private static async Task<Report> RunAsync(DatabaseTarget target, string user, ProbeMode? probe)
    {
        var connection = target.Connection;
        connection.Username = user;
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, AppContext.BaseDirectory, UseColor: false, ShowProgress: false);
        var plan = PlanReader.Read(new SourceText(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, Folder, "plan.yml")), "plan.yml"));
        Assert.Empty(plan.Errors);
        var problems = new List<Problem>();
        var files = FileDrift.ReadOne(Path.Combine(AppContext.BaseDirectory, Folder, "migrations.sql"), terminal, problems, default);
        Assert.Empty(problems);
        var request = new VerifyRequest { Plan = plan.Plan, Probe = probe, Files = files, Run = new PlanRunOptions { Session = Session } };
        return await DatabaseVerification.RunAsync(target, PolicyLintOptions.Default with { Platform = "supabase" }, request, terminal, default);
    }

    private static Process StartProcess(DatabaseTarget target)
    {
        var connection = target.Connection;
        var folder = Path.Combine(AppContext.BaseDirectory, Folder);
        string[] arguments =
        [
            typeof(Terminal).Assembly.Location, "verify", Path.Combine(folder, "migrations.sql"), "--database", $"postgres://postgres@{connection.Host}:{connection.Port}/{Name}",
            "--plan", Path.Combine(folder, "plan.yml"), "--probe", "write", "--format", "json",
        ];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
    }

    private async Task<string> DumpAsync()
    {
        // The programs may be links into the folder in which all of them lie.
        var server = new FileInfo(Path.Combine(Cluster.Binaries.Folder, "postgres"));
        var folder = Path.GetDirectoryName((server.ResolveLinkTarget(returnFinalTarget: true) ?? server).FullName)!;
        var start = new ProcessStartInfo(Path.Combine(folder, "pg_dump"), ["--host", Cluster.Folder, "--username", "postgres", Name]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("setval('public.invoice_numbers'", text, StringComparison.Ordinal);

        // A random word that keeps psql from being led astray by a dump.
        return Restriction().Replace(text, "");
    }

    // Far more time than the server needs; where it does not notice at all, its session stays for minutes.
    private async Task AssertNobodyIsConnectedAsync(string sessions = $"application_name = '{RunName}'")
    {
        await using var connection = await Cluster.OpenAsync("postgres", default);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await using var command = new Npgsql.NpgsqlCommand($"select count(*) from pg_stat_activity where datname = '{Name}' and {sessions}", connection);
            if ((long)(await command.ExecuteScalarAsync())! == 0)
                return;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "a session is left");
            await Task.Delay(20);
        }
    }

    [GeneratedRegex(@"\bbegin( transaction[a-z ,]*| read only)?")]
    private static partial Regex Beginning();

    [GeneratedRegex(@"^\\(un)?restrict .*$", RegexOptions.Multiline)]
    private static partial Regex Restriction();
}

using System.Diagnostics;
using Npgsql;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests.Scratch;

public sealed class ScratchClusterTests
{
    [SkippableFact]
    public async Task A_cluster_starts_serves_and_leaves_nothing_behind()
    {
        PostgresFixture.RequirePostgres();
        string folder;
        int server;
        await using (var cluster = await ScratchCluster.StartAsync())
        {
            folder = cluster.Folder;
            server = ServerProcess(folder);
            Assert.True(cluster.ServerVersion.Major >= 13);
            await using var connection = await cluster.DataSource("postgres").OpenConnectionAsync();
            Assert.Equal("postgres", await ScalarAsync(connection, "select current_user::text"));
            Assert.Equal("off", await ScalarAsync(connection, "select current_setting('fsync')"));
            Assert.Equal("", await ScalarAsync(connection, "select current_setting('listen_addresses')"));
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(IsRunning(server));
    }

    [SkippableFact]
    public async Task Two_clusters_run_side_by_side()
    {
        PostgresFixture.RequirePostgres();
        await using var one = await ScratchCluster.StartAsync();
        await using var two = await ScratchCluster.StartAsync();
        Assert.NotEqual(one.Folder, two.Folder);
        await using var database = await one.CreateDatabaseAsync("only_in_one", PlatformSql.Plain);
        await using var connection = await two.DataSource("postgres").OpenConnectionAsync();
        Assert.Equal(0L, await ScalarAsync(connection, "select count(*) from pg_database where datname = 'only_in_one'"));
    }

    [SkippableFact]
    public async Task A_cancelled_start_leaves_nothing_behind()
    {
        PostgresFixture.RequirePostgres();
        var own = Directory.CreateTempSubdirectory("plint-own").FullName;
        ForEveryone(own);

        // Cancelled at once, while initdb runs, and about when the server starts: in none of these moments may anything stay.
        foreach (var milliseconds in new[] { 0, 30, 100, 200, 300, 450 })
        {
            using var cancellation = new CancellationTokenSource(milliseconds);
            try
            {
                await using var cluster = await ScratchCluster.StartAsync(new ScratchOptions { TemporaryFolder = own }, cancellation.Token);
            }
            catch (OperationCanceledException)
            {
                // What was asked for.
            }

            Assert.Empty(Directory.GetFileSystemEntries(own));
        }

        Directory.Delete(own);
    }

    [SkippableFact]
    public async Task The_server_goes_when_its_owner_is_killed()
    {
        PostgresFixture.RequirePostgres();
        Skip.If(OperatingSystem.IsWindows(), "There is no leash on Windows.");

        // `sleep` stands for the process that started the server: it holds the other end of the pipe and is killed without a chance to tidy.
        var launcher = await UnprivilegedUser.LauncherAsync(CancellationToken.None);
        string[] leash = [.. launcher, "/bin/sh", "-c", LeashedServer.Script, "leash", PostgresBinaries.Find().Folder, "/tmp", "--", "-c", "listen_addresses="];
        using var owner = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "sleep 600 | \"$@\" & pid=$!; jobs -p; wait $pid", "owner", .. leash])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var log = owner.StandardError.ReadToEndAsync();
        string? folder = null;
        var sleeper = 0;
        while (await owner.StandardOutput.ReadLineAsync() is { } line && line != "initialized")
        {
            if (int.TryParse(line, out var pid))
                sleeper = pid;
            else if (line.StartsWith("folder ", StringComparison.Ordinal))
                folder = line["folder ".Length..];
        }

        Assert.NotNull(folder);
        Assert.True(Directory.Exists(folder));
        using (var process = Process.GetProcessById(sleeper))
            process.Kill();

        await owner.WaitForExitAsync();
        await log;
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_missing_server_is_said_with_the_place_that_was_named()
    {
        var empty = Directory.CreateTempSubdirectory("plint-none").FullName;
        var e = await Assert.ThrowsAsync<ScratchException>(() => ScratchCluster.StartAsync(new ScratchOptions { PostgresBin = empty }));
        Directory.Delete(empty);
        Assert.Equal(ScratchFailure.BinariesNotFound, e.Failure);
        Assert.Contains(empty, e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_initdb_that_fails_is_said_with_its_words()
    {
        Skip.If(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        using var programs = new StandInPrograms(initdb: "echo no room on this disk >&2; exit 3", postgres: "exit 0");
        var e = await Assert.ThrowsAsync<ScratchException>(() => ScratchCluster.StartAsync(new ScratchOptions { PostgresBin = programs.Folder }));
        Assert.Equal(ScratchFailure.InitializationFailed, e.Failure);
        Assert.Contains("no room on this disk", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_ends_at_once_is_said_with_its_words()
    {
        Skip.If(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        using var programs = new StandInPrograms(initdb: "exit 0", postgres: "echo FATAL: no memory >&2; exit 1");
        var e = await Assert.ThrowsAsync<ScratchException>(() => ScratchCluster.StartAsync(new ScratchOptions { PostgresBin = programs.Folder }));
        Assert.Equal(ScratchFailure.StartFailed, e.Failure);
        Assert.Contains("FATAL: no memory", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_never_listens_is_given_up()
    {
        Skip.If(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        using var programs = new StandInPrograms(initdb: "exit 0", postgres: "echo waiting >&2; exec sleep 600");
        var e = await Assert.ThrowsAsync<ScratchException>(
            () => ScratchCluster.StartAsync(new ScratchOptions { PostgresBin = programs.Folder, StartTimeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(ScratchFailure.StartFailed, e.Failure);
        Assert.Contains("did not accept a connection", e.Message, StringComparison.Ordinal);
    }

    private static int ServerProcess(string folder) => int.Parse(File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First());

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Opens a file or folder to the user that servers run as.</summary>
    private static void ForEveryone(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
    }

    /// <summary>Scripts in place of initdb and postgres, readable by the user that servers run as.</summary>
    private sealed class StandInPrograms : IDisposable
    {
        public StandInPrograms(string initdb, string postgres)
        {
            Folder = Directory.CreateTempSubdirectory("plint-programs").FullName;
            ForEveryone(Folder);
            Write("initdb", initdb);
            Write("postgres", postgres);
        }

        public string Folder { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);

        private void Write(string name, string script)
        {
            var path = Path.Combine(Folder, name);
            File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
            ForEveryone(path);
        }
    }
}

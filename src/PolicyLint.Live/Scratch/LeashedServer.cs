using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace PolicyLint.Live.Scratch;

/// <summary>
/// A server on a Unix socket in a folder of its own, held by <c>leash.sh</c>: it lives as long as the pipe to it is open, so that it and its
/// folder are gone however this process ends.
/// </summary>
internal sealed class LeashedServer : ScratchServer
{
    // sockaddr_un holds 107 bytes on Linux and 103 on macOS; "/plint.XXXXXX/.s.PGSQL.5432.lock" comes after the base.
    private const int LongestBase = 60;

    private readonly Process process;
    private readonly Task logRead;
    private readonly LogTail log;
    private int stopped;

    private LeashedServer(Process process, LogTail log, Task logRead, Task exited, string folder)
    {
        this.process = process;
        this.log = log;
        this.logRead = logRead;
        Exited = exited;
        Folder = folder;
        Connection = new NpgsqlConnectionStringBuilder { Host = folder, Port = 5432, Username = "postgres" };
    }

    public override string Folder { get; }

    public override NpgsqlConnectionStringBuilder Connection { get; }

    public override Task Exited { get; }

    public override string LogTail => log.ToString();

    public static new async Task<LeashedServer> StartAsync(PostgresBinaries binaries, string temporaryFolder, CancellationToken cancellationToken)
    {
        var bases = Bases(temporaryFolder);
        var launcher = await UnprivilegedUser.LauncherAsync(cancellationToken).ConfigureAwait(false);
        string[] command =
        [
            .. launcher, "/bin/sh", "-c", Script, "leash", binaries.Folder, .. bases, "--",
            "-c", "listen_addresses=", "-c", "dynamic_shared_memory_type=mmap", .. Settings.SelectMany(static s => new[] { "-c", s }),
        ];
        var process = Launch(command);
        var log = new LogTail();
        var logRead = log.ReadToEndAsync(process.StandardError);
        var exited = process.WaitForExitAsync(CancellationToken.None);
        string? folder = null;
        try
        {
            folder = await AnswerAsync(process, "folder ", cancellationToken).ConfigureAwait(false);
            var initialized = folder is not null && await AnswerAsync(process, "initialized", cancellationToken).ConfigureAwait(false) is not null;
            if (initialized)
                return new LeashedServer(process, log, logRead, exited, folder!);
        }
        catch
        {
            await ReleaseAsync(process, exited, folder).ConfigureAwait(false);
            throw;
        }

        await ReleaseAsync(process, exited, folder).ConfigureAwait(false);
        await logRead.ConfigureAwait(false);
        throw folder is null
            ? new ScratchException(ScratchFailure.InitializationFailed, $"No folder for the scratch server could be made in {string.Join(" or ", bases)}:{log}")
            : new ScratchException(ScratchFailure.InitializationFailed, $"'{binaries.Folder}/initdb' failed. It said:{log}");
    }

    public override void StopNow()
    {
        if (Interlocked.Exchange(ref stopped, 1) != 0)
            return;

        try
        {
            process.StandardInput.Close();
            process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It has ended already.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 0)
            await ReleaseAsync(process, Exited, Folder).ConfigureAwait(false);

        await logRead.ConfigureAwait(false);
        process.Dispose();
    }

    /// <summary>The shell script that holds the server.</summary>
    internal static string Script { get; } = ResourceText.Read("Scratch/leash.sh");

    /// <summary>The folders to make the server's folder in: the first one in which that works is taken.</summary>
    private static IReadOnlyList<string> Bases(string temporaryFolder)
    {
        var folder = temporaryFolder.TrimEnd('/');

        // The setting unix_socket_directories splits at commas, and Npgsql's Host as well.
        var fits = folder.Length is > 0 and <= LongestBase && folder.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+');
        return fits && folder != "/tmp" ? [folder, "/tmp"] : ["/tmp"];
    }

    private static Process Launch(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // PGDATA, PGPORT, PGOPTIONS and the rest are about the user's own server. LC_ALL decides the language of initdb's messages.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);

        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ScratchException(ScratchFailure.StartFailed, $"'{command[0]}' could not be run: {e.Message}");
        }
    }

    /// <summary>The rest of the script's next line when it starts with what is expected; null when it ended instead.</summary>
    private static async Task<string?> AnswerAsync(Process process, string expected, CancellationToken cancellationToken)
    {
        // The read itself can't be cancelled on a pipe; it ends when the script does.
        var line = await process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return line is not null && line.StartsWith(expected, StringComparison.Ordinal) ? line[expected.Length..] : null;
    }

    private static async Task ReleaseAsync(Process process, Task exited, string? folder)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The pipe is closed from the other side: the script has ended.
        }

        try
        {
            // An immediate shutdown takes the server milliseconds, and five seconds at most when a process of it hangs.
            await exited.WaitAsync(TimeSpan.FromSeconds(15)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await exited.ConfigureAwait(false);
        }

        if (folder is not null)
            RemoveFolder(folder);
    }
}

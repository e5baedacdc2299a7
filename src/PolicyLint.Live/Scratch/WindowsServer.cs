using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace PolicyLint.Live.Scratch;

/// <summary>
/// A server on Windows: localhost on a free port, with a random password because other users of the machine reach that port. pg_ctl starts it,
/// since it gives up administrator rights, which the server refuses to run with.
/// </summary>
internal sealed class WindowsServer : ScratchServer
{
    private readonly PostgresBinaries binaries;
    private readonly Process server;
    private int stopped;

    private WindowsServer(PostgresBinaries binaries, Process server, string folder, NpgsqlConnectionStringBuilder connection)
    {
        this.binaries = binaries;
        this.server = server;
        Folder = folder;
        Connection = connection;
        Exited = server.WaitForExitAsync(CancellationToken.None);
    }

    public override string Folder { get; }

    public override NpgsqlConnectionStringBuilder Connection { get; }

    public override Task Exited { get; }

    public override string LogTail => TailOf(Path.Combine(Folder, "log"));

    public static new async Task<WindowsServer> StartAsync(PostgresBinaries binaries, string temporaryFolder, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(temporaryFolder, "plint." + Path.GetRandomFileName())).FullName;
        try
        {
            var data = Path.Combine(folder, "data");
            var log = Path.Combine(folder, "log");
            var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            var passwordFile = Path.Combine(folder, "pw");
            await File.WriteAllTextAsync(passwordFile, password, cancellationToken).ConfigureAwait(false);

            var (code, said) = await RunAsync(
                binaries, "initdb",
                [
                    "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile=" + passwordFile, "-E", "UTF8", "--no-locale", "--no-sync",
                    "--no-instructions",
                ],
                cancellationToken).ConfigureAwait(false);
            File.Delete(passwordFile);
            if (code != 0)
                throw new ScratchException(ScratchFailure.InitializationFailed, $"'{binaries.Folder}\\initdb' failed. It said:{said}");

            var port = FreePort();
            var options = string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 ") +
                string.Join(' ', Settings.Select(static s => "-c " + s));
            (code, said) = await RunAsync(
                binaries, "pg_ctl", ["start", "-w", "-s", "-D", data, "-l", log, "-o", options], cancellationToken).ConfigureAwait(false);
            if (code != 0)
                throw new ScratchException(ScratchFailure.StartFailed, $"The scratch server did not start:{said}{TailOf(log)}");

            // Its first line is the process id of the postmaster.
            var pid = int.Parse(File.ReadLines(Path.Combine(data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
            return new WindowsServer(binaries, Process.GetProcessById(pid), folder, new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                Username = "postgres",
                Password = password,
            });
        }
        catch
        {
            await RunAsync(
                binaries, "pg_ctl", ["stop", "-m", "immediate", "-s", "-D", Path.Combine(folder, "data")], CancellationToken.None).ConfigureAwait(false);
            RemoveFolder(folder);
            throw;
        }
    }

    public override void StopNow()
    {
        if (Interlocked.Exchange(ref stopped, 1) != 0)
            return;

        using var stop = Process.Start(Start(binaries, "pg_ctl", ["stop", "-m", "immediate", "-s", "-D", Path.Combine(Folder, "data")]))!;
        stop.WaitForExit(TimeSpan.FromSeconds(5));
        RemoveFolder(Folder);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 0)
        {
            await RunAsync(
                binaries, "pg_ctl", ["stop", "-m", "immediate", "-s", "-D", Path.Combine(Folder, "data")], CancellationToken.None).ConfigureAwait(false);
            RemoveFolder(Folder);
        }

        server.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string TailOf(string logFile)
    {
        var tail = new LogTail();
        try
        {
            using var reader = new StreamReader(new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (reader.ReadLine() is { } line)
                tail.Add(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tail.Add($"(its log can't be read: {e.Message})");
        }

        return tail.ToString();
    }

    private static ProcessStartInfo Start(PostgresBinaries binaries, string program, IReadOnlyList<string> arguments) =>
        new(Path.Combine(binaries.Folder, program + ".exe"), arguments) { CreateNoWindow = true };

    private static async Task<(int Code, LogTail Said)> RunAsync(
        PostgresBinaries binaries, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = Start(binaries, program, arguments);

        // A server that pg_ctl starts inherits redirected pipes and keeps them open; its messages go to the log file.
        var redirect = program == "initdb";
        start.RedirectStandardOutput = redirect;
        start.RedirectStandardError = redirect;
        var said = new LogTail();
        try
        {
            using var process = Process.Start(start)!;
            await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            if (redirect)
                await Task.WhenAll(said.ReadToEndAsync(process.StandardOutput), said.ReadToEndAsync(process.StandardError)).ConfigureAwait(false);

            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return (process.ExitCode, said);
        }
        catch (Win32Exception e)
        {
            throw new ScratchException(ScratchFailure.StartFailed, $"'{start.FileName}' could not be run: {e.Message}");
        }
    }
}

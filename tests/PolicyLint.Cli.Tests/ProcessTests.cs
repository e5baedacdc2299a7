using System.Diagnostics;
using PolicyLint.Cli.Commands;

namespace PolicyLint.Cli.Tests;

/// <summary>The command as a process of its own: its streams, and files that are none.</summary>
public sealed class ProcessTests
{
    // The program lies beside the tests, as what they reference does.
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "policylint.dll");

    [SkippableTheory]
    [InlineData("check 1.sql", "PL1001", 1)]
    [InlineData("check 1.sql > out.txt 2>&1; code=$?; cat out.txt; (exit $code)", "PL1001", 1)]
    [InlineData("check 1.sql | head -n 1", "PL1001", 0)]
    [InlineData("check many | head -n 1", "PL1001", 0)]
    [InlineData("check 1.sql --format nope 2>&1 >/dev/null", "policylint: ", 2)]
    [InlineData("check 1.sql --strict --fail-on never", "PL1001", 0)]
    public async Task Streams_are_pipes_files_closed_or_read_in_part(string arguments, string expected, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "it needs a shell and named pipes");
        using var folder = new TemporaryFolder().With("1.sql", Table(1));
        for (var i = 0; i < 400; i++)
            folder.With($"many/{i}.sql", Table(i));

        var (code, output, errors) = await RunAsync(folder, arguments);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Empty(errors);
        Assert.Equal(exitCode, code);
    }

    [SkippableFact]
    public async Task A_named_pipe_in_a_folder_is_not_waited_for()
    {
        Skip.If(OperatingSystem.IsWindows(), "it needs a shell and named pipes");
        using var folder = new TemporaryFolder().With("1.sql", Table(1));
        using (var make = Process.Start("mkfifo", Path.Combine(folder.Root, "2.sql")))
            await make.WaitForExitAsync();

        var run = Policylint.Check(folder.Root, new(["."]));

        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Contains("PL1001", run.Output, StringComparison.Ordinal);
    }

    private static string Table(int number) => $"create table public.notes_{number} (id int primary key, user_id uuid not null);\n";

    private static async Task<(int Code, string Output, string Errors)> RunAsync(TemporaryFolder folder, string arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"dotnet '{Program}' {arguments}"])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PolicyLint.Cli.Baselines;

/// <summary>git could not answer; the message says what to do.</summary>
internal sealed class GitException(string message) : Exception(message);

/// <summary>Asks the git that is installed, without a shell in between.</summary>
internal static class GitProcess
{
    public static Process Start(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.ArgumentList.Add("-C");
        start.ArgumentList.Add(folder);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // git's words are shown to people as they are, and quoted paths would not be found again.
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new GitException("git was not found: install it, or use --baseline, which needs none");
        }
    }

    /// <summary>What git writes to its output; null where it fails, with its words.</summary>
    public static byte[]? Run(string folder, IEnumerable<string> arguments, out string words)
    {
        using var process = Start(folder, arguments);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        words = errors.GetAwaiter().GetResult().Trim();
        return process.ExitCode == 0 ? output.ToArray() : null;
    }
}

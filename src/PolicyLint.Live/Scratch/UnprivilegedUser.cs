using System.ComponentModel;
using System.Diagnostics;

namespace PolicyLint.Live.Scratch;

/// <summary>PostgreSQL refuses to run as root; this finds another user and the command that runs a program as that user.</summary>
internal static class UnprivilegedUser
{
    private static readonly string[] Candidates = ["postgres", "_postgres", "nobody", "daemon"];

    /// <summary>
    /// What to put before a command so that it runs as a user that PostgreSQL accepts: nothing unless the current user is root.
    /// </summary>
    /// <exception cref="ScratchException">Root, and none of the users and commands works.</exception>
    public static async Task<IReadOnlyList<string>> LauncherAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return [];

        var tried = new List<string>();
        foreach (var user in Candidates)
        {
            if (await OutputAsync(["id", "-g", user], cancellationToken).ConfigureAwait(false) is not { } group)
                continue;

            foreach (var launcher in Launchers(user, group.Trim()))
            {
                if (await OutputAsync([.. launcher, "/bin/sh", "-c", "[ \"$(id -u)\" != 0 ]"], cancellationToken).ConfigureAwait(false) is not null)
                    return launcher;

                tried.Add(string.Join(' ', launcher));
            }
        }

        var what = tried.Count == 0 ? "none of them exists here" : "tried " + string.Join("; ", tried);
        throw new ScratchException(
            ScratchFailure.NoUnprivilegedUser,
            "PostgreSQL does not run as root, and it could not be run as another user " +
            $"({string.Join(", ", Candidates)}): {what}. Run this as an ordinary user.");
    }

    // Each of them, followed by a program and its arguments, runs that program. setpriv leaves nothing between us and it; the two others ask
    // PAM, which containers and hardened hosts sometimes do not let them.
    private static string[][] Launchers(string user, string group) =>
    [
        ["setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups", "--"],
        ["runuser", "-u", user, "--"],
        ["su", user, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"],
    ];

    /// <summary>What the command wrote, or null when it failed or there is no such program.</summary>
    private static async Task<string?> OutputAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await error.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

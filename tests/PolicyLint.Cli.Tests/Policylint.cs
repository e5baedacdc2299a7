using PolicyLint.Cli.Commands;

namespace PolicyLint.Cli.Tests;

/// <summary>A command run in a folder, with what it wrote.</summary>
internal sealed record Policylint(int ExitCode, string Output, string Messages)
{
    public static Policylint Check(string folder, CheckRequest request) => Run(folder, terminal => CheckCommand.Run(request, terminal, default));

    public static Policylint Run(string folder, Func<Terminal, int> command)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var messages = new StringWriter { NewLine = "\n" };
        var exitCode = command(new(output, messages, folder, UseColor: false, ShowProgress: false));
        return new(exitCode, output.ToString(), messages.ToString());
    }
}

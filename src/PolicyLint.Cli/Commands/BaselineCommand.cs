using System.CommandLine;
using PolicyLint.Cli.Baselines;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint baseline [PATH…]`: writes what `check` finds now, so that `check --baseline` reports what comes on top.</summary>
internal static class BaselineCommand
{
    public static Command Create()
    {
        var paths = CommonOptions.Paths();
        var output = new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "FILE", DefaultValueFactory = _ => BaselineFile.DefaultName };
        var command = new Command("baseline", "Write the findings of today to a file, so that `check --baseline` reports only what comes on top.") { paths, output };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(CommonOptions.PathsOf(parsed, paths), parsed.GetValue(output)!, Terminal.ForProcess(), cancellation)));
        return command;
    }

    internal static int Run(IReadOnlyList<string> paths, string output, Terminal terminal, CancellationToken cancellation)
    {
        var report = CheckCommand.Check(paths, terminal, cancellation);
        foreach (var problem in report.Problems)
            terminal.Messages.WriteLine($"policylint: {problem}");
        foreach (var error in report.InternalErrors)
            terminal.Messages.WriteLine("policylint: internal error: " + error);
        try
        {
            File.WriteAllText(Path.GetFullPath(output, terminal.WorkingFolder), BaselineFile.Write(report.Findings));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Messages.WriteLine($"policylint: {output}: not written: {e.Message}");
            return ExitCode.NotDone;
        }
        terminal.Output.WriteLine($"{report.Findings.Count} {(report.Findings.Count == 1 ? "finding" : "findings")} of {report.Files} files written to {output}");
        return (report with { Findings = [] }).ExitCodeFor(Core.Findings.Severity.None);
    }
}

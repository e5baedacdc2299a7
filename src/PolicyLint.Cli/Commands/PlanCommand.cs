using System.CommandLine;
using PolicyLint.Cli.Projects;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Verification;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint plan PATH`: a verification plan as the migrations themselves suggest it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "The folder, file or document of one database; the current folder where none is given.", DefaultValueFactory = _ => "." };
        var from = new Option<string?>("--from") { Description = "The first migration of the change; by default the last migration is the change.", HelpName = "FILE" };
        var command = new Command("plan", "Write a plan for `verify` from what the migrations do.") { path, from };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(path)!, parsed.GetValue(from), Terminal.ForProcess(), cancellation)));
        return command;
    }

    internal static int Run(string path, string? from, Terminal terminal, CancellationToken cancellation)
    {
        var (projects, problems) = ProjectFinder.Find([path], terminal.WorkingFolder);
        foreach (var problem in problems)
            terminal.Messages.WriteLine($"policylint: {problem}");
        if (projects.Count != 1)
        {
            terminal.Messages.WriteLine(projects.Count == 0
                ? "policylint: there is nothing to plan for"
                : $"policylint: a plan is for one database: give one of {string.Join(", ", projects.Select(static project => project.Name))}");
            return ExitCode.NotDone;
        }
        var input = projects[0].Input;
        var start = from is null ? null : MigrationStart.Find(input.Files, from)?.Source.Path;
        if (PlanDraft.Of(input, start ?? from, cancellation) is not { } plan)
        {
            terminal.Messages.WriteLine(from is null ? "policylint: there are no migrations to plan for" : $"policylint: there is no migration {from}");
            return ExitCode.NotDone;
        }
        terminal.Output.Write(PlanText.Write(plan));
        terminal.Output.Flush();
        return problems.Count > 0 ? ExitCode.NotDone : ExitCode.Clean;
    }
}

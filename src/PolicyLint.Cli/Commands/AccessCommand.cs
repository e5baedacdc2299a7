using System.CommandLine;
using PolicyLint.Cli.Baselines;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint access PATH`: who gets at which rows, and what has changed in that since a commit.</summary>
internal static class AccessCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders, .sql files or Markdown documents; the current folder where none is given.", Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<string>("--format", "-f") { Description = "How the map is written.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "markdown");
        var since = new Option<string?>("--since") { Description = "Show what has changed against the files of this commit: a branch, a tag or an id.", HelpName = "GITREF" };
        var command = new Command("access", "Show which rows each role gets at: table by command by role.") { paths, format, since };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."], parsed.GetValue(format)!, parsed.GetValue(since), Terminal.ForProcess(), cancellation)));
        return command;
    }

    internal static int Run(IReadOnlyList<string> paths, string format, string? since, Terminal terminal, CancellationToken cancellation)
    {
        var (states, problems) = Read(paths, DiskTree.Instance, terminal, cancellation);
        var writer = AccessWriters.Create(format, terminal.Output);
        using var resources = writer as IDisposable;
        if (since is null)
        {
            foreach (var state in states)
                writer.Write(state.Name, AccessMap.Of(state.Catalog, state.Tenancy, AnalysisLimits.Cli, cancellation));
        }
        else
        {
            try
            {
                using var commit = CommitTree.Open(since, terminal.WorkingFolder);
                var earlier = Read(paths, commit, terminal, cancellation).States;
                foreach (var state in states)
                {
                    var before = earlier.Find(candidate => candidate.Name == state.Name) ?? Empty(state);
                    writer.Write(state.Name, AccessMapDifference.Between(before.Catalog, before.Tenancy, state.Catalog, state.Tenancy, AnalysisLimits.Cli, cancellation));
                }
            }
            catch (GitException e)
            {
                terminal.Messages.WriteLine("policylint: --since: " + e.Message);
                return ExitCode.NotDone;
            }
        }
        writer.End();
        terminal.Output.Flush();
        foreach (var problem in problems)
            terminal.Messages.WriteLine($"policylint: {problem.Path}: {problem.Message}");
        return problems.Count > 0 ? ExitCode.NotDone : ExitCode.Clean;
    }

    private static (List<DatabaseState> States, IReadOnlyList<Problem> Problems) Read(IReadOnlyList<string> paths, IFileTree tree, Terminal terminal, CancellationToken cancellation)
    {
        var (projects, problems) = ProjectFinder.Find(paths, terminal.WorkingFolder, tree);
        var states = new List<DatabaseState>();
        foreach (var project in projects)
        {
            var catalog = SqlAnalyzer.Replay(project.Input, cancellation).Catalog;
            states.Add(new(project.Name, catalog, Tenancy.Resolve(catalog, project.Input.Options)));
        }
        return (states, problems);
    }

    private static DatabaseState Empty(DatabaseState like)
    {
        var catalog = new DatabaseCatalog { Platform = like.Catalog.Platform };
        return new(like.Name, catalog, Tenancy.Resolve(catalog, Core.Options.PolicyLintOptions.Default));
    }

    private sealed record DatabaseState(string Name, DatabaseCatalog Catalog, Tenancy Tenancy);
}

using System.CommandLine;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint check [PATH…]`: the SQL rules over files.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders, .sql files or Markdown documents; the current folder where none is given.", Arity = ArgumentArity.ZeroOrMore };
        var format = CommonOptions.Format();
        var failOn = CommonOptions.FailOn();
        var command = new Command("check", "Check migrations, queries and the SQL in Markdown documents.") { paths, format, failOn };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."],
            parsed.GetValue(format)!,
            CommonOptions.ParseSeverity(parsed.GetValue(failOn)!),
            Terminal.ForProcess(),
            cancellation)));
        return command;
    }

    internal static int Run(IReadOnlyList<string> paths, string format, Severity failOn, Terminal terminal, CancellationToken cancellation)
    {
        var report = Check(paths, terminal, cancellation);
        ReportFormats.Create(format, terminal.UseColor).Write(report, terminal.Output);
        terminal.Output.Flush();
        return report.ExitCodeFor(failOn);
    }

    internal static Report Check(IReadOnlyList<string> paths, Terminal terminal, CancellationToken cancellation)
    {
        var (projects, problems) = ProjectFinder.Find(paths, terminal.WorkingFolder);
        var results = new AnalysisResult[projects.Count];
        using (var progress = terminal.StartProgress("checking", projects.Count))
        {
            Parallel.For(0, projects.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                results[i] = SqlAnalyzer.Analyze(projects[i].Input, cancellation);
                progress.Advance(projects[i].Name);
            });
        }
        return Reports.Combine(projects, results, problems);
    }
}

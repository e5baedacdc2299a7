using System.CommandLine;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint catalog PATH`: what a database holds after the migrations, sorted, for people and for comparison.</summary>
internal static class CatalogCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders, .sql files or Markdown documents; the current folder where none is given.", Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<string>("--format", "-f") { Description = "How the catalog is written.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var all = CommonOptions.Flag("--all", "Also what the platform and extensions made.");
        var command = new Command("catalog", "Print what a database holds after the migrations.") { paths, format, all };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."], parsed.GetValue(format)!, CommonOptions.IsGiven(parsed, all), Terminal.ForProcess(), cancellation)));
        return command;
    }

    internal static int Run(IReadOnlyList<string> paths, string format, bool includeForeign, Terminal terminal, CancellationToken cancellation)
    {
        var (projects, problems) = ProjectFinder.Find(paths, terminal.WorkingFolder);
        var catalogs = new List<(string Name, DatabaseCatalog Catalog)>();
        foreach (var project in projects)
            catalogs.Add((project.Name, SqlAnalyzer.Replay(project.Input, cancellation).Catalog));
        if (format == "json")
            CatalogJsonWriter.Write(catalogs, includeForeign, terminal.Output);
        else
            WriteText(catalogs, includeForeign, terminal.Output);
        terminal.Output.Flush();
        foreach (var problem in problems)
            terminal.Messages.WriteLine($"policylint: {problem.Path}: {problem.Message}");
        return problems.Count > 0 ? ExitCode.NotDone : ExitCode.Clean;
    }

    private static void WriteText(List<(string Name, DatabaseCatalog Catalog)> catalogs, bool includeForeign, TextWriter output)
    {
        foreach (var (name, catalog) in catalogs)
        {
            if (catalogs.Count > 1)
                output.Write($"-- {name}\n");
            output.Write(CatalogText.Print(catalog, includeForeign));
        }
    }
}

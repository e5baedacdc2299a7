using System.CommandLine;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint verify`: the rules over what a server holds, a given one or a scratch server with the migrations applied.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var scratch = new Option<string?>("--scratch") { Description = "Apply the migrations below PATH to a throwaway server and check what it holds then.", HelpName = "PATH" };
        var database = new Option<string?>("--database") { Description = "Check this database, read-only: a postgres:// URL or Npgsql keywords; without a value DATABASE_URL or the PG* variables.", HelpName = "URL", Arity = ArgumentArity.ZeroOrOne };
        var configuration = new Option<string?>("--config") { Description = "The folder of the policylint.yml for --database; by default the current folder and those above it.", HelpName = "FOLDER" };
        var binaries = new Option<string?>("--postgres-bin") { Description = "Folder with initdb and postgres for --scratch; by default PATH and the usual places are searched.", HelpName = "FOLDER" };
        var format = CommonOptions.Format();
        var failOn = CommonOptions.FailOn();
        var command = new Command("verify", "Check what a database really holds with the same rules.") { scratch, database, configuration, binaries, format, failOn };
        command.Validators.Add(result =>
        {
            if (result.GetResult(scratch) is null == (result.GetResult(database) is null))
                result.AddError("give one of --scratch PATH and --database URL");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var terminal = Terminal.ForProcess();
            var report = parsed.GetValue(scratch) is { } path
                ? await ScratchAsync(path, parsed.GetValue(binaries), terminal, cancellation).ConfigureAwait(false)
                : await DatabaseAsync(parsed.GetValue(database), parsed.GetValue(configuration) ?? ".", terminal, cancellation).ConfigureAwait(false);
            ReportFormats.Create(parsed.GetValue(format)!, terminal.UseColor).Write(report, terminal.Output);
            await terminal.Output.FlushAsync(cancellation).ConfigureAwait(false);
            return report.ExitCodeFor(CommonOptions.ParseSeverity(parsed.GetValue(failOn)!));
        });
        return command;
    }

    /// <summary>Applies each project's migrations to a database of its own on one scratch server.</summary>
    internal static async Task<Report> ScratchAsync(string path, string? postgresBin, Terminal terminal, CancellationToken cancellation)
    {
        var (found, problems) = ProjectFinder.Find([path], terminal.WorkingFolder);
        var projects = found.Where(project => project.Input.Files.Any(file => file.Ranges is null || !file.Source.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase))).ToList();
        var allProblems = new List<Problem>(problems);
        var results = new List<AnalysisResult>();
        try
        {
            var cluster = await ScratchCluster.StartAsync(new() { PostgresBin = postgresBin }, cancellation).ConfigureAwait(false);
            await using (cluster.ConfigureAwait(false))
            {
                using var progress = terminal.StartProgress("applying", projects.Sum(project => project.Input.Files.Count));
                for (var i = 0; i < projects.Count; i++)
                    results.Add(await VerifyProjectAsync(cluster, projects[i], $"policylint_{i}", progress, allProblems, cancellation).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is ScratchException or SessionException)
        {
            allProblems.Add(new("", e.Message));
        }
        return Reports.Combine(projects.GetRange(0, results.Count), results, allProblems);
    }

    private static async Task<AnalysisResult> VerifyProjectAsync(
        ScratchCluster cluster, SqlProject project, string databaseName, ProgressLine progress, List<Problem> problems, CancellationToken cancellation)
    {
        var fromFiles = SqlAnalyzer.Analyze(project.Input, cancellation);
        var platform = PlatformSql.Find(fromFiles.Catalog.Platform) ?? PlatformSql.Plain;
        var database = await cluster.CreateDatabaseAsync(databaseName, platform, cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var run = await MigrationRunner.ApplyAsync(database, project.Input.Files, new Advance(progress), cancellation).ConfigureAwait(false);
            foreach (var note in run.Notes)
            {
                if (note.Kind is MigrationNoteKind.Failed or MigrationNoteKind.NotReached)
                    problems.Add(new(Place.Of(new(note.Source, note.Span)).ToString(), note.Message));
            }
            var options = project.Input.Options with { Platform = platform.Name };
            var result = await ReadAndCheckAsync(database.Target, options, problems, cancellation).ConfigureAwait(false);
            var notes = run.Notes.Where(note => note.Kind is not (MigrationNoteKind.Failed or MigrationNoteKind.NotReached))
                .Select(note => $"{Place.Of(new(note.Source, note.Span))}: {note.Message}");
            return WithFilePlaces(result, fromFiles) with { Inferences = [.. result.Inferences, .. notes], Statements = run.Statements };
        }
    }

    /// <summary>Checks a database that is not ours: one read-only transaction.</summary>
    internal static async Task<Report> DatabaseAsync(string? url, string configurationFolder, Terminal terminal, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var target = url is { Length: > 0 } ? DatabaseTarget.Parse(url, out var error) : DatabaseTarget.FromEnvironment(Environment.GetEnvironmentVariable, out error);
        if (target is null)
            return new() { Findings = [], Problems = [new("", error)] };
        var options = ProjectFinder.ReadConfigurationFor(configurationFolder, terminal.WorkingFolder, problems);
        try
        {
            var result = await ReadAndCheckAsync(target, options, problems, cancellation).ConfigureAwait(false);
            return new() { Findings = result.Findings, Problems = problems, InternalErrors = result.InternalErrors, Notes = [$"checked {target}", .. result.Inferences], Suppressed = result.Suppressed };
        }
        catch (SessionException e)
        {
            return new() { Findings = [], Problems = [.. problems, new("", e.Message)] };
        }
    }

    private static async Task<AnalysisResult> ReadAndCheckAsync(DatabaseTarget target, PolicyLintOptions options, List<Problem> problems, CancellationToken cancellation)
    {
        var session = await SafeSession.OpenAsync(target, cancellationToken: cancellation).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var reading = await CatalogReader.ReadAsync(session, cancellationToken: cancellation).ConfigureAwait(false);
            foreach (var issue in reading.Issues)
                problems.Add(new(issue.Origin.Description, issue.Message));
            return SqlAnalyzer.AnalyzeLive(reading.Catalog, options, AnalysisLimits.Cli, cancellation);
        }
    }

    // The same finding in the files tells which line made what the server holds.
    private static AnalysisResult WithFilePlaces(AnalysisResult live, AnalysisResult files)
    {
        var places = new Dictionary<(string, string), Location>();
        foreach (var finding in files.Findings)
            places.TryAdd((finding.Rule.Id, finding.Subject), finding.Location);
        var findings = live.Findings.Select(finding => places.TryGetValue((finding.Rule.Id, finding.Subject), out var place)
            ? finding with { Related = [new(place, "made here"), .. finding.Related] }
            : finding);
        return live with { Findings = [.. findings] };
    }

    private sealed class Advance(ProgressLine line) : IProgress<string>
    {
        public void Report(string value) => line.Advance(value);
    }
}

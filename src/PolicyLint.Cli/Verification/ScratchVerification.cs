using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Platforms;
using PolicyLint.Core.Verification;
using PolicyLint.Live;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Cli.Verification;

/// <summary>Applies each project's migrations to a database of its own on one scratch server and checks what it holds then.</summary>
internal static class ScratchVerification
{
    public static async Task<Report> RunAsync(string path, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var (found, problems) = ProjectFinder.Find([path], terminal.WorkingFolder);
        var projects = found.Where(project => project.Input.Files.Any(file => file.Ranges is null || !file.Source.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase))).ToList();
        var allProblems = new List<Problem>(problems);
        var results = new List<AnalysisResult>();
        var plans = new List<PlanLog>();
        var probes = new List<ProbeLog>();
        var planFindings = new List<Finding>();
        if (UnknownStart(projects, request) is { } unknown)
            return new() { Findings = [], Problems = [.. allProblems, unknown] };
        try
        {
            var cluster = await ScratchCluster.StartAsync(new() { PostgresBin = request.PostgresBin }, cancellation).ConfigureAwait(false);
            await using (cluster.ConfigureAwait(false))
            {
                using var progress = terminal.StartProgress("applying", projects.Sum(project => project.Input.Files.Count));
                for (var i = 0; i < projects.Count; i++)
                {
                    var (result, plan, probed) = await RunProjectAsync(cluster, projects[i], $"policylint_{i}", request, progress, terminal, allProblems, cancellation).ConfigureAwait(false);
                    results.Add(result);
                    if (probed is not null)
                        probes.Add(probed with { Database = projects[i].Name });
                    if (plan is not null)
                    {
                        plans.Add(plan.Log);
                        planFindings.AddRange(plan.Findings);
                        allProblems.AddRange(plan.Problems);
                    }
                }
            }
        }
        catch (Exception e) when (e is ScratchException or SessionException)
        {
            allProblems.Add(new("", e.Message));
        }
        var report = Reports.Combine(projects.GetRange(0, results.Count), results, allProblems);
        return report with { Plans = plans, Probes = probes, Findings = [.. report.Findings, .. planFindings] };
    }

    private static async Task<(AnalysisResult Result, PlanExecution.Outcome? Plan, ProbeLog? Probes)> RunProjectAsync(
        ScratchCluster cluster, SqlProject project, string databaseName, VerifyRequest request, ProgressLine progress, Terminal terminal,
        List<Problem> problems, CancellationToken cancellation)
    {
        var fromFiles = SqlAnalyzer.Analyze(project.Input, cancellation);
        var platform = PlatformSql.Find(fromFiles.Catalog.Platform) ?? PlatformSql.Plain;
        var database = await cluster.CreateDatabaseAsync(databaseName, platform, cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var run = await MigrationRunner.ApplyAsync(database, FilesFor(project, request), fromFiles.Catalog, new Advance(progress), cancellation).ConfigureAwait(false);
            foreach (var note in run.Notes)
            {
                if (note.Kind is MigrationNoteKind.Failed or MigrationNoteKind.NotReached)
                    problems.Add(new(Place.Of(new(note.Source, note.Span)).ToString(), note.Message));
            }
            var options = project.Input.Options with { Platform = platform.Name };
            var live = await LiveRules.RunAsync(database.Target, options, request, problems, cancellation).ConfigureAwait(false);
            var plan = request.Plan is null ? null : await PlanExecution.RunAsync(database.Target, request, live.Catalog, terminal, cancellation).ConfigureAwait(false);
            var applies = run.Notes.All(static note => note.Kind != MigrationNoteKind.Failed);
            if (applies && request.RunsRules && StartOf(request) is null)
                live = await WitnessExecution.RunAsync(cluster, database, project.Input with { Options = options }, fromFiles, live, cancellation).ConfigureAwait(false);
            ProbeLog? log = null;
            if (request.Probe is not null && applies)
            {
                var probes = await ProbeExecution.RunAsync(database.Target, live, options, request, terminal, cancellation).ConfigureAwait(false);
                problems.AddRange(probes.Problems);
                log = probes.Log;
                live = live with { Findings = [.. probes.Findings, .. live.Findings], Inferences = [.. live.Inferences, .. probes.Notes] };
            }
            var notes = run.Notes.Where(note => note.Kind is not (MigrationNoteKind.Failed or MigrationNoteKind.NotReached))
                .Select(note => $"{Place.Of(new(note.Source, note.Span))}: {note.Message}");
            return (WithFilePlaces(live, fromFiles) with { Inferences = [.. live.Inferences, .. notes], Statements = run.Statements }, plan, log);
        }
    }

    // A plan's first phase is checked before the migrations of the change, its last after the rollback scripts have run.
    private static IReadOnlyList<InputFile> FilesFor(SqlProject project, VerifyRequest request) =>
        StartOf(request) is { } start ? MigrationStart.FilesBefore(project.Input.Files, start) ?? []
        : request is not { Plan: not null, Phase: PlanPhase.Rollback } ? project.Input.Files
        : [.. project.Input.Files.Where(file => file.Role == ScriptRole.Migration),
           .. project.Input.Files.Where(file => file.Role == ScriptRole.Rollback).Select(file => file with { Role = ScriptRole.Migration })];

    private static string? StartOf(VerifyRequest request) =>
        request.Until ?? (request is { Phase: PlanPhase.Before, Plan.From: { Length: > 0 } from } ? from : null);

    private static Problem? UnknownStart(List<SqlProject> projects, VerifyRequest request)
    {
        if (StartOf(request) is not { } start)
            return request is { Plan: { } plan, Phase: PlanPhase.Before } && plan.Before.Count > 0
                ? new(plan.Source.Path, "which migration the phase `before` stands before is not said: write `from: FILE` into the plan, or give --until FILE")
                : null;
        var lacking = projects.Find(project => MigrationStart.Find(project.Input.Files, start) is null);
        return lacking is null ? null : new(start, $"there is no such migration, or more than one, in {lacking.Name}");
    }

    // The same finding in the files tells which line made what the server holds.
    private static AnalysisResult WithFilePlaces(AnalysisResult live, AnalysisResult files)
    {
        var places = new Dictionary<(string, string), Location>();
        foreach (var finding in files.Findings)
            places.TryAdd((finding.Rule.Id, finding.Subject), finding.Location);
        var findings = live.Findings.Select(finding => finding.Location.Source is null && places.TryGetValue((finding.Rule.Id, finding.Subject), out var place)
            ? finding with { Related = [new(place, "made here"), .. finding.Related] }
            : finding);
        return live with { Findings = [.. findings] };
    }

    private sealed class Advance(ProgressLine line) : IProgress<string>
    {
        public void Report(string value) => line.Advance(value);
    }
}

using System.CommandLine;
using PolicyLint.Cli.Baselines;
using PolicyLint.Cli.Code;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Commands;

/// <summary>What `policylint check` was asked.</summary>
internal sealed record CheckRequest(IReadOnlyList<string> Paths)
{
    public string Format { get; init; } = "text";

    public Severity FailOn { get; init; } = Severity.Error;

    /// <summary>What could not be analysed counts as not done.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The report says of each place in C# that runs SQL what is known of it.</summary>
    public bool WithCoverage { get; init; }

    /// <summary>A commit whose findings are left out.</summary>
    public string? Since { get; init; }

    /// <summary>A file of findings that are left out.</summary>
    public string? Baseline { get; init; }
}

/// <summary>`policylint check [PATH…]`: the rules over SQL files, and over C# where a path is a project or solution.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = CommonOptions.Paths();
        var format = CommonOptions.Format();
        var failOn = CommonOptions.FailOn();
        var since = new Option<string?>("--since") { Description = "Report only what is new against the files of this commit: a branch, a tag or an id.", HelpName = "GITREF" };
        var baseline = new Option<string?>("--baseline") { Description = "Report only what is not in this file, which `policylint baseline` wrote.", HelpName = "FILE" };
        var strict = CommonOptions.Strict();
        var coverage = CommonOptions.Flag("--coverage", "Say of each place in C# that runs SQL or a query whether it is guarded, open or not analysed (formats text and json).");
        var command = new Command("check", "Check migrations, queries, the SQL in Markdown documents and the C# of projects and solutions.") { paths, format, failOn, strict, since, baseline, coverage };
        // Synchronous: who stops it loses nothing, and listening for that costs as much as checking a small file.
        command.SetAction(parsed => Run(
            new(CommonOptions.PathsOf(parsed, paths))
            {
                Format = parsed.GetValue(format)!,
                FailOn = CommonOptions.ParseSeverity(parsed.GetValue(failOn)!),
                IsStrict = CommonOptions.IsGiven(parsed, strict),
                WithCoverage = CommonOptions.IsGiven(parsed, coverage),
                Since = parsed.GetValue(since),
                Baseline = parsed.GetValue(baseline),
            },
            Terminal.ForProcess(),
            CancellationToken.None));
        return command;
    }

    internal static int Run(CheckRequest request, Terminal terminal, CancellationToken cancellation)
    {
        // What cannot be compared with is said before the work, not after it.
        if (ReadKnown(request, terminal, cancellation) is not { } known)
            return ExitCode.NotDone;
        var report = known.LeaveNew(Check(request.Paths, terminal, cancellation));
        if (!request.WithCoverage)
            report = report with { Coverage = null };
        ReportFormats.Create(request.Format, terminal.UseColor).Write(report, terminal.Output);
        terminal.Output.Flush();
        return report.ExitCodeFor(request.FailOn, request.IsStrict);
    }

    internal static Report Check(IReadOnlyList<string> paths, Terminal terminal, CancellationToken cancellation) =>
        Check(paths, DiskTree.Instance, terminal, cancellation);

    private static Report Check(IReadOnlyList<string> paths, IFileTree tree, Terminal terminal, CancellationToken cancellation)
    {
        var found = ProjectFinder.FindAll(paths, terminal.WorkingFolder, tree);
        var projects = found.Databases;
        var problems = new List<Problem>(found.Problems);
        // Without code the compiler's assemblies are not loaded.
        var code = found.Code.Count > 0 ? CodeCheck.Load(found.Code, tree, terminal, problems, cancellation) : null;
        var results = new AnalysisResult?[projects.Count];
        var failures = new string?[projects.Count];
        var coverage = code is null ? null : NoCoverage(projects.Count);
        using (var progress = terminal.StartProgress("checking", projects.Count))
        {
            Concurrently.Run(projects.Count, i =>
            {
                try
                {
                    results[i] = code is not null && code.TryGetValue(projects[i].Folder, out var ofDatabase)
                        ? Analyze(projects[i].Input, ofDatabase, coverage![i], cancellation)
                        : SqlAnalyzer.Analyze(projects[i].Input, cancellation);
                }
#pragma warning disable CA1031 // A fault of this program in one database must not cost the report on the others.
                catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    failures[i] = InternalErrors.Describe(projects[i].Name, e);
                }
                progress.Advance(projects[i].Name);
            }, cancellation);
        }
        var report = Reports.Combine(projects, results, problems);
        return report with
        {
            InternalErrors = [.. report.InternalErrors, .. failures.OfType<string>()],
            Files = report.Files + (code?.Values.Sum(check => check.Files) ?? 0),
            Coverage = coverage is null ? null : InOrder(coverage),
        };
    }

    private static List<CoveredSite>[] NoCoverage(int databases)
    {
        var coverage = new List<CoveredSite>[databases];
        for (var i = 0; i < databases; i++)
            coverage[i] = [];
        return coverage;
    }

    private static CoveredSite[] InOrder(List<CoveredSite>[] coverage) =>
        [.. coverage.SelectMany(sites => sites).OrderBy(site => site.Location.Path, StringComparer.Ordinal).ThenBy(site => site.Location.Span.Start)];

    private static AnalysisResult Analyze(AnalysisInput input, CodeCheck code, List<CoveredSite> coverage, CancellationToken cancellation)
    {
        var whole = code.WithMigrations(input);
        return code.Judge(SqlAnalyzer.Analyze(whole, cancellation), whole, coverage, cancellation);
    }

    private static KnownFindings? ReadKnown(CheckRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var known = new KnownFindings();
        try
        {
            if (request.Baseline is { } file)
            {
                if (BaselineFile.Read(File.ReadAllText(Path.GetFullPath(file, terminal.WorkingFolder)), out var error) is not { } listed)
                {
                    terminal.Messages.WriteLine($"policylint: {file}: {error}");
                    return null;
                }
                known.Add(listed);
            }
            if (request.Since is { } reference)
            {
                using var commit = CommitTree.Open(reference, terminal.WorkingFolder);
                // A path that is new has nothing known, and what the commit could not be asked counts as new.
                known.Add(KnownFindings.Of(Check(request.Paths, commit, terminal, cancellation).Findings));
            }
        }
        catch (GitException e)
        {
            terminal.Messages.WriteLine("policylint: --since: " + e.Message);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Messages.WriteLine($"policylint: {request.Baseline}: not read: {e.Message}");
            return null;
        }
        return known;
    }
}

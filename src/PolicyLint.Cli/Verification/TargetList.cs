using PolicyLint.Cli.Projects;
using PolicyLint.Core.Options;
using PolicyLint.Live;

namespace PolicyLint.Cli.Verification;

/// <summary>Many databases in one run, for teams with a database per tenant: checked side by side, one report.</summary>
internal static class TargetList
{
    private const int DatabasesAtOnce = 4;

    public static async Task<Report> RunAsync(string path, string configurationFolder, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var options = ProjectFinder.ReadConfigurationFor(configurationFolder, terminal.WorkingFolder, problems);
        var targets = Read(path, terminal.WorkingFolder, problems);
        var reports = new Report[targets.Count];
        // Every database shows a line of its own; what is inside one is not shown.
        var silent = terminal with { ShowProgress = false };
        using (var progress = terminal.StartProgress("checking", targets.Count))
        {
            await Parallel.ForAsync(0, targets.Count, new ParallelOptions { MaxDegreeOfParallelism = DatabasesAtOnce, CancellationToken = cancellation }, async (i, token) =>
            {
                reports[i] = Named(targets[i].Name, await VerifyAsync(targets[i].Target, options, request, silent, token).ConfigureAwait(false));
                progress.Advance(targets[i].Name);
            }).ConfigureAwait(false);
        }
        return new()
        {
            Findings = [.. reports.SelectMany(report => report.Findings)],
            Problems = [.. problems, .. reports.SelectMany(report => report.Problems)],
            Plans = [.. reports.SelectMany(report => report.Plans)],
            Probes = [.. reports.SelectMany(report => report.Probes)],
            InternalErrors = [.. reports.SelectMany(report => report.InternalErrors)],
            Notes = [.. reports.SelectMany(report => report.Notes)],
            Suppressed = reports.Sum(report => report.Suppressed),
        };
    }

    // What goes wrong with one database must not cost the reports of the others.
    private static async Task<Report> VerifyAsync(DatabaseTarget target, PolicyLintOptions options, VerifyRequest request, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return await DatabaseVerification.RunAsync(target, options, request, terminal, cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever is not foreseen is a fault of this program, and is reported as one.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new() { Findings = [], InternalErrors = [$"verification failed: {e.GetType().Name}: {e.Message}"] };
        }
    }

    // A URL holds a password more often than not, so no message shows a line of the file.
    private static List<(string Name, DatabaseTarget Target)> Read(string path, string workingFolder, List<Problem> problems)
    {
        var targets = new List<(string, DatabaseTarget)>();
        var file = Path.GetFullPath(path, workingFolder);
        if (!File.Exists(file))
            problems.Add(new(path, "there is no such file"));
        else if (TextFiles.Read(DiskTree.Instance, file, path, out var problem) is not { } source)
            problems.Add(problem!);
        else
        {
            for (var i = 0; i < source.LineCount; i++)
            {
                var line = source.GetText(source.GetLine(i)).Trim();
                if (line.Length == 0 || line[0] == '#')
                    continue;
                var blank = line.IndexOf(' ', StringComparison.Ordinal);
                var isNamed = blank > 0 && !line[..blank].Contains('=', StringComparison.Ordinal) && !line[..blank].Contains("://", StringComparison.Ordinal);
                if (DatabaseTarget.Parse(isNamed ? line[blank..] : line, out var error, Environment.GetEnvironmentVariable) is { } target)
                    targets.Add((isNamed ? line[..blank] : target.ToString(), target));
                else
                    problems.Add(new($"{path}:{i + 1}", error));
            }
            if (targets.Count == 0 && problems.Count == 0)
                problems.Add(new(path, "the file names no database"));
        }
        return targets;
    }

    private static Report Named(string name, Report report) => report with
    {
        Findings = [.. report.Findings.Select(finding => finding with
        {
            Message = $"{name}: {finding.Message}",
            Subject = name + "/" + finding.Subject,
            Location = finding.Location.Source is null ? finding.Location with { LiveObject = $"{name}: {finding.Location.LiveObject}" } : finding.Location,
        })],
        Problems = [.. report.Problems.Select(problem => problem with { Message = $"{name}: {problem.Message}" })],
        Notes = [.. report.Notes.Select(note => $"{name}: {note}")],
        InternalErrors = [.. report.InternalErrors.Select(error => $"{name}: {error}")],
    };
}

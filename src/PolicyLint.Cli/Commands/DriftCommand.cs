using System.CommandLine;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Platforms;
using PolicyLint.Live;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint drift PATH`: what the migrations make against what a server holds, a given one or a scratch server that applied them.</summary>
internal static class DriftCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "The folder of the migrations; the current folder where none is given.", DefaultValueFactory = _ => "." };
        var database = new Option<string?>("--database") { Description = "Compare with this database, read-only: a postgres:// URL or Npgsql keywords; without a value DATABASE_URL or the PG* variables.", HelpName = "URL", Arity = ArgumentArity.ZeroOrOne };
        var scratch = CommonOptions.Flag("--scratch", "Compare with a throwaway server that applies the migrations: what differs the replay has wrong.");
        var binaries = new Option<string?>("--postgres-bin") { Description = "Folder with initdb and postgres for --scratch; by default PATH and the usual places are searched.", HelpName = "FOLDER" };
        var format = new Option<string>("--format", "-f") { Description = "How the differences are written.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("drift", "Show where a database differs from what the migrations make.") { path, database, scratch, binaries, format };
        command.Validators.Add(result =>
        {
            if ((result.GetResult(scratch) is null) == (result.GetResult(database) is null))
                result.AddError("give one of --database URL and --scratch");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var terminal = Terminal.ForProcess();
            var report = CommonOptions.IsGiven(parsed, scratch)
                ? await ScratchAsync(parsed.GetValue(path)!, parsed.GetValue(binaries), terminal, cancellation).ConfigureAwait(false)
                : await DatabaseAsync(parsed.GetValue(path)!, parsed.GetValue(database), terminal, cancellation).ConfigureAwait(false);
            DriftWriter.Write(report, parsed.GetValue(format)!, terminal.Output);
            await terminal.Output.FlushAsync(cancellation).ConfigureAwait(false);
            return report.ExitCode;
        });
        return command;
    }

    /// <summary>Compares the one project below the path with a database, in a read-only transaction.</summary>
    internal static async Task<DriftReport> DatabaseAsync(string path, string? url, Terminal terminal, CancellationToken cancellation)
    {
        var (projects, problems) = FileDrift.SqlProjectsBelow(path, terminal);
        var target = url is { Length: > 0 } ? DatabaseTarget.Parse(url, out var error, Environment.GetEnvironmentVariable) : DatabaseTarget.FromEnvironment(Environment.GetEnvironmentVariable, out error);
        if (target is null)
            return new([], [.. problems, new("", error)]);
        if (projects is not [var project])
        {
            if (projects.Count > 1)
                problems.Add(new(path, $"there are {projects.Count} databases here ({string.Join(", ", projects.Select(p => p.Name))}): give the folder of one"));
            return new([], problems);
        }
        try
        {
            var replay = SqlAnalyzer.Replay(project.Input, cancellation);
            var session = await SafeSession.OpenAsync(target, cancellationToken: cancellation).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var reading = await CatalogReader.ReadAsync(session, PlatformSql.Find(replay.Catalog.Platform), cancellation).ConfigureAwait(false);
                return new([FileDrift.Compare(new(project, replay), target.ToString(), reading.Catalog, Unread(reading), [])], problems);
            }
        }
        catch (SessionException e)
        {
            return new([], [.. problems, new("", e.Message)]);
        }
    }

    /// <summary>Compares each project below the path with a database of its own on one scratch server.</summary>
    internal static async Task<DriftReport> ScratchAsync(string path, string? postgresBin, Terminal terminal, CancellationToken cancellation)
    {
        var (projects, problems) = FileDrift.SqlProjectsBelow(path, terminal);
        var drifts = new List<DatabaseDrift>();
        try
        {
            var cluster = await ScratchCluster.StartAsync(new() { PostgresBin = postgresBin }, cancellation).ConfigureAwait(false);
            await using (cluster.ConfigureAwait(false))
            {
                using var progress = terminal.StartProgress("applying", projects.Sum(project => project.Input.Files.Count));
                var advance = new Advance(progress);
                foreach (var project in projects)
                {
                    var replay = SqlAnalyzer.Replay(project.Input, cancellation);
                    var applied = await AppliedCatalog.ReadAsync(cluster, $"policylint_{drifts.Count}", project.Input.Files, replay.Catalog, advance, cancellation).ConfigureAwait(false);
                    foreach (var note in applied.Run.Notes.Where(IsFailure))
                        problems.Add(new(Place.Of(new(note.Source, note.Span)).ToString(), note.Message));
                    var notes = applied.Run.Notes.Where(note => !IsFailure(note)).Select(note => $"{Place.Of(new(note.Source, note.Span))}: {note.Message}");
                    drifts.Add(FileDrift.Compare(new(project, replay), "a scratch server", applied.Reading.Catalog, Unread(applied.Reading), notes));
                }
            }
        }
        catch (Exception e) when (e is ScratchException or SessionException)
        {
            problems.Add(new("", e.Message));
        }
        return new(drifts, problems);
    }

    private static bool IsFailure(MigrationNote note) => note.Kind is MigrationNoteKind.Failed or MigrationNoteKind.NotReached;

    private static IEnumerable<string> Unread(CatalogReading reading) => reading.Issues.Select(issue => $"{issue.Origin.Description}: {issue.Message}");

    private sealed class Advance(ProgressLine line) : IProgress<string>
    {
        public void Report(string value) => line.Advance(value);
    }
}

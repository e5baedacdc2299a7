using PolicyLint.Cli.Output;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.Cli.Verification;

/// <summary>What migrations make, beside what a server holds.</summary>
internal static class FileDrift
{
    private static readonly RuleInfo Drifted = RuleCatalog.Find("PL7004")!;

    /// <summary>The projects with migrations below a path.</summary>
    public static (List<SqlProject> Projects, List<Problem> Problems) SqlProjectsBelow(string path, Terminal terminal)
    {
        var (found, problems) = ProjectFinder.Find([path], terminal.WorkingFolder);
        return ([.. found.Where(project => project.Input.Files.Any(file => file.Role == ScriptRole.Migration && !file.Source.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase)))], [.. problems]);
    }

    /// <summary>What differs, and what could not be compared.</summary>
    /// <param name="files">The one side.</param>
    /// <param name="server">The name of the other.</param>
    /// <param name="catalog">What the server holds.</param>
    /// <param name="unread">What could not be read of it.</param>
    /// <param name="notes">What was made up for.</param>
    public static DatabaseDrift Compare(MigratedProject files, string server, ICatalog catalog, IEnumerable<string> unread, IEnumerable<string> notes) => new(
        files.Project.Name, server, CatalogDifference.Between(files.Replay.Catalog, catalog), [.. NotKnown(files.Replay.Catalog), .. unread], [.. notes]);

    // What the files do not tell is passed over by the comparison, and must be said.
    private static IEnumerable<string> NotKnown(DatabaseCatalog catalog)
    {
        foreach (var relation in catalog.Relations.Values.OrderBy(r => r.Id.ToString(), StringComparer.Ordinal))
        {
            if (relation.IsAssumed && !relation.IsForeignOwned)
                yield return $"{relation.Id}: used by the files and made by none of them ({PlaceOf(relation.CreatedAt)})";
            foreach (var taint in relation.Taints)
                yield return $"{relation.Id}: what this does to it is not known ({PlaceOf(taint)})";
        }
        foreach (var function in catalog.Functions.Values.SelectMany(overloads => overloads).Where(f => f.IsTainted).OrderBy(f => f.Id.ToString(), StringComparer.Ordinal))
            yield return $"function {function.Id}: what is done to it is not known ({PlaceOf(function.ChangedAt)})";
        foreach (var unknown in catalog.UnknownEffects)
            yield return $"any object: what this does is not known ({PlaceOf(unknown)})";
    }

    private static string PlaceOf(Origin origin) => origin.Source is { } source ? Place.Of(new(source, origin.Span)).ToString() : origin.Description;

    /// <summary>The one project below the path with what its migrations make; null with a problem where there is none, or more than one.</summary>
    public static MigratedProject? ReadOne(string path, Terminal terminal, List<Problem> problems, CancellationToken cancellation)
    {
        var (projects, found) = SqlProjectsBelow(path, terminal);
        problems.AddRange(found);
        if (projects is [var project])
            return new(project, SqlAnalyzer.Replay(project.Input, cancellation));
        if (projects.Count > 1)
            problems.Add(new(path, $"there are {projects.Count} databases here ({string.Join(", ", projects.Select(p => p.Name))}): give the folder of one"));
        else if (found.Count == 0)
            problems.Add(new(path, "there are no migrations here"));
        return null;
    }

    /// <summary>Every difference as a finding.</summary>
    public static IReadOnlyList<Finding> Findings(DatabaseDrift drift) => Fingerprints.Assign([.. drift.Differences.Select(static difference => new Finding
    {
        Rule = Drifted,
        Severity = Drifted.Severity,
        Message = $"{difference.Object}: {(difference.Left is { } files ? "the files make " + OnOneLine(files) : "no file makes it")}; {(difference.Right is { } server ? "the database has " + OnOneLine(server) : "the database does not have it")}",
        Location = new(null, default, difference.Object),
        Subject = difference.Object,
    })]);

    private static string OnOneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries));
}

/// <summary>A project and what its migrations make.</summary>
internal sealed record MigratedProject(SqlProject Project, ReplayResult Replay);

using Microsoft.CodeAnalysis;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Migrations;

namespace PolicyLint.Analyzers;

/// <summary>
/// A compilation and the database that its project makes. Each is read when it is first asked about, with the token of who asks: who is
/// cancelled leaves it to the next.
/// </summary>
/// <param name="compilation">The compilation.</param>
/// <param name="project">What the project gave the compiler.</param>
/// <param name="reportsSql">This project reports what is found in .sql files and in the configuration; otherwise another one of the solution does.</param>
/// <param name="outlines">What is known already of the files.</param>
internal sealed class HostedCompilation(Compilation compilation, ProjectInput project, bool reportsSql, SourceOutlines outlines)
{
    private readonly object _lock = new();
    private IReadOnlyList<CodeMigration>? _migrations;
    private ReplayedDatabase? _database;
    private volatile ProjectAnalysis? _sites;

    /// <summary>This project reports what is found in .sql files and in the configuration.</summary>
    public bool ReportsSql => reportsSql;

    /// <summary>Judges the C#.</summary>
    public ProjectAnalysis Sites(CancellationToken cancellation)
    {
        if (_sites is { } known)
            return known;
        lock (_lock)
            return _sites ??= new(compilation, Database(cancellation).Judged, project.Options, outlines) { Settings = project.Settings };
    }

    /// <summary>The migrations in C#.</summary>
    public IReadOnlyList<CodeMigration> Migrations(CancellationToken cancellation)
    {
        lock (_lock)
            return _migrations ??= CodeMigrations.Read(compilation, outlines, cancellation);
    }

    /// <summary>All migrations, replayed. The rules over SQL are asked where this project has something to report: its own migrations it always has.</summary>
    public ReplayedDatabase Database(CancellationToken cancellation)
    {
        lock (_lock)
            return _database ??= project.Replay(Migrations(cancellation), reportsSql || Migrations(cancellation).Count > 0, cancellation);
    }
}

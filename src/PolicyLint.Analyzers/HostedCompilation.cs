using Microsoft.CodeAnalysis;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Migrations;

namespace PolicyLint.Analyzers;

/// <summary>
/// A compilation and the database that its project makes. Each is read when it is first asked about, with the token of who asks: who is
/// cancelled leaves it to the next.
/// </summary>
internal sealed class HostedCompilation(Compilation compilation, ProjectInput project, SourceOutlines outlines)
{
    private readonly object _lock = new();
    private IReadOnlyList<CodeMigration>? _migrations;
    private ReplayedDatabase? _database;
    private volatile ProjectAnalysis? _sites;

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

    /// <summary>All migrations, replayed.</summary>
    public ReplayedDatabase Database(CancellationToken cancellation)
    {
        lock (_lock)
            return _database ??= project.Replay(Migrations(cancellation), cancellation);
    }
}

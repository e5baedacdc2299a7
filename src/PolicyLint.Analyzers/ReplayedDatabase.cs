using Microsoft.CodeAnalysis;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Migrations;
using AnalysisResult = PolicyLint.Core.Analysis.AnalysisResult;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.Analyzers;

/// <summary>What the files of a project and its migrations in C# come to.</summary>
internal sealed class ReplayedDatabase
{
    private readonly IReadOnlyList<SqlSource> _migrations;
    private readonly bool _isJudged;

    /// <summary>Parses and replays everything.</summary>
    /// <param name="input">The files.</param>
    /// <param name="migrations">The migrations in C#.</param>
    /// <param name="isJudged">The rules over SQL are asked.</param>
    /// <param name="cancellation">Ends it.</param>
    public ReplayedDatabase(AnalysisInput input, IReadOnlyList<CodeMigration> migrations, bool isJudged, CancellationToken cancellation)
    {
        _isJudged = isJudged;
        _migrations = [.. migrations.Select(migration => migration.Source)];
        var answers = new KnownAnswers();
        Result = SqlAnalyzer.Analyze(input with { Files = CodeMigrations.Before(migrations, input.Files), Answers = answers, IsJudged = isJudged }, cancellation);
        Judged = new(Result.Catalog, Result.Tenancy, input.Limits, answers);
    }

    /// <summary>The findings in SQL, and what they rest on.</summary>
    public AnalysisResult Result { get; }

    /// <summary>The catalog, with what C# has asked of it.</summary>
    public JudgedDatabase Judged { get; }

    /// <summary>Whether it was made in the same way of migrations that say the same.</summary>
    public bool IsOf(IReadOnlyList<CodeMigration> migrations, bool isJudged)
    {
        if (_isJudged != isJudged || _migrations.Count != migrations.Count)
            return false;
        for (var i = 0; i < migrations.Count; i++)
        {
            if (_migrations[i].Path != migrations[i].Source.Path || _migrations[i].Text != migrations[i].Source.Text)
                return false;
        }
        return true;
    }

    /// <summary>A place in a migration, as it stands in the compilation that has these; null for a place elsewhere.</summary>
    public Location? Locate(Core.Findings.Location location, IReadOnlyList<CodeMigration> migrations)
    {
        for (var i = 0; i < _migrations.Count; i++)
        {
            if (ReferenceEquals(_migrations[i], location.Source))
                return migrations[i].Locate(location.Span.Start, location.Span.End);
        }
        return null;
    }
}

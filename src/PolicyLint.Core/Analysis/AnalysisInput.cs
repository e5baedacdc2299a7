using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Analysis;

/// <summary>A text to analyse.</summary>
/// <param name="Source">The whole file.</param>
/// <param name="Role">What the file is.</param>
/// <param name="IsOneTransaction">See <see cref="Script"/>.</param>
/// <param name="Ranges">The parts that are SQL (fenced blocks of a Markdown document); null: all of it.</param>
public sealed record InputFile(SourceText Source, ScriptRole Role, bool IsOneTransaction, IReadOnlyList<TextSpan>? Ranges = null);

/// <summary>One database: its files in the order in which they are applied, and what is configured. The only door into the analysis.</summary>
/// <param name="Files">In order.</param>
/// <param name="Options">What policylint.yml says.</param>
/// <param name="Limits">Bounds of the work.</param>
public sealed record AnalysisInput(IReadOnlyList<InputFile> Files, PolicyLintOptions Options, AnalysisLimits Limits)
{
    /// <summary>The day by which dated suppressions are judged, asked for where there is one; null: they never end.</summary>
    public Func<DateTime>? Today { get; init; }

    /// <summary>Answers of an earlier analysis, to be found again and added to; null: this one begins with none.</summary>
    public KnownAnswers? Answers { get; init; }

    /// <summary>The rules are asked. Otherwise the files are replayed alone, for who needs the catalog and has the findings from elsewhere.</summary>
    public bool IsJudged { get; init; } = true;
}

/// <summary>Bounds. Work is counted in steps, never in time, so the same input gives the same findings on every machine.</summary>
public sealed record AnalysisLimits
{
    /// <summary>For a compiler in an editor.</summary>
    public static AnalysisLimits Ide { get; } = new();

    /// <summary>For a command line.</summary>
    public static AnalysisLimits Cli { get; } = new() { IsParallel = true };

    /// <summary>Files are parsed, and large inputs are replayed for rules beside the rules of the catalog, on all processors; off in a compiler, which shares them out itself.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Nesting of the parser.</summary>
    public int ParserDepth { get; init; } = 1000;

    /// <summary>Steps of the prover per question.</summary>
    public int ProverSteps { get; init; } = 20_000;

    /// <summary>Iterations of loops in DO blocks that the replay follows.</summary>
    public int LoopIterations { get; init; } = 10_000;

    /// <summary>Findings of one rule before the rest is counted only.</summary>
    public int FindingsPerRule { get; init; } = 10_000;
}

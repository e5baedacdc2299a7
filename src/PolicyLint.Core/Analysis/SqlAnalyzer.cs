using PolicyLint.Core.Catalog;
using PolicyLint.Core.Options;

namespace PolicyLint.Core.Analysis;

/// <summary>Runs the SQL rules: parse, replay, rules, suppressions. Text comes in, findings go out.</summary>
public static class SqlAnalyzer
{
    /// <summary>Analyses the files of one database.</summary>
    public static AnalysisResult Analyze(AnalysisInput input, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Runs the rules that are marked live over a catalog that was read from a server.</summary>
    public static AnalysisResult AnalyzeLive(ICatalog catalog, PolicyLintOptions options, AnalysisLimits limits, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}

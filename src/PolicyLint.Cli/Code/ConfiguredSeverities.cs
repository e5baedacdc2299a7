using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PolicyLint.Cli.Code;

/// <summary>Severities from .editorconfig and .globalconfig files, as in a build.</summary>
internal sealed class ConfiguredSeverities(AnalyzerConfigSet files) : SyntaxTreeOptionsProvider
{
    /// <summary>Reads the files that the compiler would be given.</summary>
    public static ConfiguredSeverities Read(IEnumerable<string> paths) =>
        new(AnalyzerConfigSet.Create(paths.Where(File.Exists).Select(path => AnalyzerConfig.Parse(File.ReadAllText(path), path)).ToImmutableArray()));

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) =>
        files.GetOptionsForSourcePath(tree.FilePath).AnalyzerOptions.TryGetValue("generated_code", out var value) && bool.TryParse(value, out var isGenerated)
            ? isGenerated ? GeneratedKind.MarkedGenerated : GeneratedKind.NotGenerated
            : GeneratedKind.Unknown;

    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        files.GetOptionsForSourcePath(tree.FilePath).TreeOptions.TryGetValue(diagnosticId, out severity);

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        files.GlobalConfigOptions.TreeOptions.TryGetValue(diagnosticId, out severity);
}

using PolicyLint.Core.Analysis;

namespace PolicyLint.Cli.Projects;

/// <summary>One database: the files that make it and its configuration.</summary>
/// <param name="Name">Folder or document, as it is shown.</param>
/// <param name="Input">What the analysis gets.</param>
internal sealed record SqlProject(string Name, AnalysisInput Input);

using PolicyLint.Cli.Code;
using PolicyLint.Core.Analysis;

namespace PolicyLint.Cli.Projects;

/// <summary>One database: the files that make it and its configuration.</summary>
/// <param name="Name">Folder or document, as it is shown.</param>
/// <param name="Input">What the analysis gets.</param>
internal sealed record SqlProject(string Name, AnalysisInput Input)
{
    /// <summary>Full path of the folder; empty for a document.</summary>
    public string Folder { get; init; } = "";
}

/// <summary>What paths came to.</summary>
/// <param name="Databases">The databases, in order.</param>
/// <param name="Problems">What could not be read.</param>
/// <param name="Code">The C# projects, each with the folder of its database.</param>
internal sealed record FoundProjects(IReadOnlyList<SqlProject> Databases, IReadOnlyList<Problem> Problems, IReadOnlyList<CodeProject> Code);

using PolicyLint.Core.Catalog.Difference;

namespace PolicyLint.Cli.Output;

/// <summary>One database and what its files make.</summary>
/// <param name="Name">The folder of the files.</param>
/// <param name="Server">What they were compared with.</param>
/// <param name="Differences">Left the files, right the server.</param>
/// <param name="NotCompared">What one of the two does not tell.</param>
/// <param name="Notes">What was made up for on a scratch server.</param>
internal sealed record DatabaseDrift(
    string Name, string Server, IReadOnlyList<CatalogDisagreement> Differences, IReadOnlyList<string> NotCompared, IReadOnlyList<string> Notes);

/// <summary>What `drift` has to say.</summary>
internal sealed record DriftReport(IReadOnlyList<DatabaseDrift> Databases, IReadOnlyList<Problem> Problems)
{
    public int Differences => Databases.Sum(static d => d.Differences.Count);

    /// <summary>A comparison that was not done, or not to the end, outweighs differences.</summary>
    public int ExitCode => Problems.Count > 0 ? Cli.ExitCode.NotDone : Differences > 0 ? Cli.ExitCode.Findings : Cli.ExitCode.Clean;
}

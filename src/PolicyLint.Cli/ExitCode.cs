namespace PolicyLint.Cli;

/// <summary>Exit codes, the same for every command.</summary>
internal static class ExitCode
{
    public const int Clean = 0;

    /// <summary>Findings at or above the threshold.</summary>
    public const int Findings = 1;

    /// <summary>The job, or a part of it, could not be done.</summary>
    public const int NotDone = 2;

    /// <summary>A fault of this program.</summary>
    public const int InternalError = 3;
}

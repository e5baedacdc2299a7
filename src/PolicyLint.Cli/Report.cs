using PolicyLint.Cli.Code;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli;

/// <summary>A part of the job that could not be done.</summary>
/// <param name="Path">The file or folder; empty where none is meant.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record Problem(string Path, string Message)
{
    /// <summary>`path: message`.</summary>
    public override string ToString() => Path.Length > 0 ? $"{Path}: {Message}" : Message;
}

/// <summary>A phase of a plan, run against a database: what a person would attach to the change.</summary>
/// <param name="Plan">The plan that was run.</param>
/// <param name="Phase">Which part of it.</param>
/// <param name="Database">What the server says that it is.</param>
/// <param name="Started">When.</param>
/// <param name="Ended">When.</param>
/// <param name="Results">In the order of the plan.</param>
internal sealed record PlanLog(
    VerificationPlan Plan, PlanPhase Phase, string Database, DateTimeOffset Started, DateTimeOffset Ended, IReadOnlyList<CheckResult> Results)
{
    public int Count(CheckOutcome outcome) => Results.Count(result => result.Outcome == outcome);
}

/// <summary>What sessions tried on rows of others in a database.</summary>
/// <param name="Database">Which one, and as whom it was probed.</param>
/// <param name="Run">Every attempt, with what the prover says of it.</param>
internal sealed record ProbeLog(string Database, ProbeRun Run);

/// <summary>What a command has to say. Writers render it and add no facts.</summary>
internal sealed record Report
{
    /// <summary>In order of path, place and rule.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>Phases of plans that were run against databases.</summary>
    public IReadOnlyList<PlanLog> Plans { get; init; } = [];

    /// <summary>Databases that were probed.</summary>
    public IReadOnlyList<ProbeLog> Probes { get; init; } = [];

    /// <summary>Rules that failed, with where and why.</summary>
    public IReadOnlyList<string> InternalErrors { get; init; } = [];

    /// <summary>What was inferred, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The answers for all places in C# that run SQL or a query; null where they were not asked for.</summary>
    public IReadOnlyList<CoveredSite>? Coverage { get; init; }

    public int Files { get; init; }

    public int Statements { get; init; }

    public int Suppressed { get; init; }

    /// <summary>Number of findings left out because the baseline or the commit before had them.</summary>
    public int Known { get; init; }

    public int Count(Severity severity) => Findings.Count(f => f.Severity == severity);

    /// <summary>The exit code for a threshold; a part that was not done outweighs findings.</summary>
    /// <param name="failOn">The severity from which findings count; None: never.</param>
    /// <param name="isStrict">A statement that could not be analysed counts as a part that was not done.</param>
    public int ExitCodeFor(Severity failOn, bool isStrict = false)
    {
        if (InternalErrors.Count > 0)
            return ExitCode.InternalError;
        if (Problems.Count > 0 || (isStrict && Findings.Any(f => f.Rule.Id is "PL9001" or "PL9005" or "PL9006" or "PL9007")))
            return ExitCode.NotDone;
        return failOn != Severity.None && Findings.Any(f => f.Severity >= failOn) ? ExitCode.Findings : ExitCode.Clean;
    }
}

using PolicyLint.Cli.Projects;
using PolicyLint.Configuration;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Verification;

/// <summary>What is verified besides the rules, and how.</summary>
internal sealed record VerifyRequest
{
    /// <summary>Null for the rules alone.</summary>
    public VerificationPlan? Plan { get; init; }

    public PlanPhase Phase { get; init; } = PlanPhase.After;

    /// <summary>On a scratch server only the migrations before this one are applied; null for what the plan says.</summary>
    public string? Until { get; init; }

    public PlanRunOptions Run { get; init; } = new();

    /// <summary>Try to get at rows as somebody else: those that are there, or those that are made. Null: not at all.</summary>
    public ProbeMode? Probe { get; init; }

    /// <summary>What the database is compared with; null for nothing.</summary>
    public MigratedProject? Files { get; init; }

    /// <summary>Folder with the server's programs for a scratch server; null to search.</summary>
    public string? PostgresBin { get; init; }

    /// <summary>
    /// The rules speak of the state that a project means to have: before a change and after its rollback only the plan does.
    /// </summary>
    public bool RunsRules => Plan is null || Phase == PlanPhase.After;

    /// <summary>Reads a plan; null with problems where it can't be taken as it stands. Half a plan is not run.</summary>
    public static VerificationPlan? ReadPlan(string path, string workingFolder, List<Problem> problems)
    {
        var file = Path.GetFullPath(path, workingFolder);
        if (!File.Exists(file))
        {
            problems.Add(new(path, "there is no such plan"));
            return null;
        }
        if (TextFiles.Read(DiskTree.Instance, file, path.Replace('\\', '/'), out var problem) is not { } source)
        {
            problems.Add(problem!);
            return null;
        }
        var (plan, errors) = PlanReader.Read(source);
        foreach (var error in errors)
        {
            var place = source.GetPosition(error.Span.Start);
            problems.Add(new($"{source.Path}:{place.Line + 1}:{place.Column + 1}", error.Message));
        }
        return errors.Count == 0 ? plan : null;
    }
}

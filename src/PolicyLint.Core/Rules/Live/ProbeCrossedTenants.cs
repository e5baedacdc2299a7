using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Live;

internal sealed class ProbeCrossedTenants : ToolRule
{
    /// <summary>The one instance, for the verifier.</summary>
    public static ProbeCrossedTenants Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL7002",
        Name = "probe-crossed-tenants",
        Severity = Severity.Error,
        Title = "One user got at another user's row",
        What = "Reports a tenant table on which `policylint verify --probe` got at a row that is somebody else's: as another user, or as nobody, with the role and the settings that the application's sessions have. Reads, writes, deletions, statements without WHERE, copies of the row, taking it over and giving it away are tried (`--probe read`: reads alone). One finding a table.",
        Why = "This is the leak itself, on the server that was asked, and no conclusion about it.",
        Fix = "Restrict the policies of the table to the session's own rows. Rows that everyone is meant to reach are an exemption with a reason.",
        Bad = "",
        Good = "",
        IsLive = true,
    };
}

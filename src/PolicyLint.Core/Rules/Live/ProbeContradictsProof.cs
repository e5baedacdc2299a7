using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Live;

internal sealed class ProbeContradictsProof : ToolRule
{
    /// <summary>The one instance, for the verifier.</summary>
    public static ProbeContradictsProof Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL7003",
        Name = "probe-contradicts-proof",
        Severity = Severity.Error,
        Title = "A row was reached that was proven out of reach",
        What = "Reports that a probe got at a row although the prover holds the table's policies to be isolating for the same command and role.",
        Why = "One of the two is wrong, and the server is not: every other proof of this run is in doubt.",
        Fix = "Treat the table as open, and report the policies of the table and of those that they read: it is a fault of PolicyLint.",
        Bad = "",
        Good = "",
        IsLive = true,
        UsesProver = true,
    };
}

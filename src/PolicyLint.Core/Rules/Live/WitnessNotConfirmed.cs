using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Live;

internal sealed class WitnessNotConfirmed : ToolRule
{
    /// <summary>The one instance, for the verifier.</summary>
    public static WitnessNotConfirmed Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL7005",
        Name = "witness-not-confirmed",
        Severity = Severity.Error,
        Title = "A server does not do what a witness tells",
        What = "Reports, in `verify --scratch`, a finding whose witness was replayed and not confirmed: its rows were inserted with the parents that they need, the session was taken on, the command was run, and the row was kept back although the finding says that it is let in, or the other way round. Of a change the state before the migration and the one after it are tried.",
        Why = "One of the two is wrong, and the server is not: the finding may be a false alarm, and so may others that rest on the same policies.",
        Fix = "Report the policies of the table and of those that they read: it is a fault of PolicyLint. Until then suppress the finding with a reason.",
        Bad = "",
        Good = "",
        IsLive = true,
        UsesProver = true,
    };
}

using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Live;

internal sealed class DatabaseDrifted : ToolRule
{
    /// <summary>The one instance, for the verifier.</summary>
    public static DatabaseDrifted Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL7004",
        Name = "database-drifted",
        Severity = Severity.Warning,
        Title = "The database is not what its migrations make",
        What = "Reports each object that `policylint verify PATH --database URL` finds otherwise on the server than the migrations below PATH make it: tables, columns, row-level security, policies, indexes, constraints, views, functions, types and privileges. What the files do not tell is passed over.",
        Why = "A policy that was changed by hand is reviewed by nobody and gone with the next database that is built from the files; what `policylint check` says of the files does not hold of the database.",
        Fix = "Write a migration that makes what the server has, or take the change back. `--no-drift` leaves the comparison out, `policylint drift` makes it alone.",
        Bad = "",
        Good = "",
        IsLive = true,
    };
}

namespace PolicyLint.Live;

/// <summary>How gently to read a database.</summary>
public sealed record SafeSessionOptions
{
    /// <summary>The longest that one statement may run; zero for no limit.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a statement may wait for a lock; zero for no limit.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Names are found as a user's session finds them, and not in pg_catalog alone: for queries that people wrote.
    /// </summary>
    public bool KeepSearchPath { get; init; }

    /// <summary>What pg_stat_activity shows.</summary>
    public string ApplicationName { get; init; } = "policylint";
}

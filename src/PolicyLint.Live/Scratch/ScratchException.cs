namespace PolicyLint.Live.Scratch;

/// <summary>A scratch server could not be had. The message says what was tried, where, and what to do.</summary>
public sealed class ScratchException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Which step failed.</param>
    /// <param name="message">Text for the user.</param>
    public ScratchException(ScratchFailure failure, string message)
        : base(message) => Failure = failure;

    /// <summary>Which step failed.</summary>
    public ScratchFailure Failure { get; }
}

/// <summary>The steps at which starting a scratch server can fail.</summary>
public enum ScratchFailure
{
    /// <summary>No PostgreSQL server programs were found.</summary>
    BinariesNotFound,

    /// <summary>The current user may not run a server, and no other user could be used.</summary>
    NoUnprivilegedUser,

    /// <summary>initdb failed.</summary>
    InitializationFailed,

    /// <summary>The server did not start or did not accept a connection in time.</summary>
    StartFailed,

    /// <summary>A database could not be created or seeded.</summary>
    DatabaseFailed,
}

namespace PolicyLint.Live;

/// <summary>
/// A database could not be reached or asked. The message is for the user and never holds a password, which is why what Npgsql threw is not
/// passed on inside.
/// </summary>
public sealed class SessionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Text for the user.</param>
    /// <param name="sqlState">The server's error code (manual appendix A); null when the error is not the server's.</param>
    public SessionException(string message, string? sqlState = null)
        : base(message) => SqlState = sqlState;

    /// <summary>The server's error code, such as 42501 for a missing privilege; null when the error is not the server's.</summary>
    public string? SqlState { get; }
}

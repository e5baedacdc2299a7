namespace PolicyLint.Live.Scratch;

/// <summary>How to start a scratch server.</summary>
public sealed record ScratchOptions
{
    /// <summary>The folder that holds <c>initdb</c> and <c>postgres</c>; null to search the usual places.</summary>
    public string? PostgresBin { get; init; }

    /// <summary>
    /// Where the server's folder is made; null for the system's temporary folder. A path that is too long or too odd for a socket is passed over
    /// for <c>/tmp</c>. The user that the server runs as must be able to write there.
    /// </summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>How long the server may take to accept its first connection.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

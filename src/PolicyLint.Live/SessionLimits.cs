using System.Globalization;

namespace PolicyLint.Live;

/// <summary>Settings of a transaction that keep it from standing in anybody's way.</summary>
internal static class SessionLimits
{
    // A transaction that waits for another is looked at for deadlocks after deadlock_timeout, one second where nobody changed it, and then
    // either of the two may be the one that is ended: what writes gives up before.
    private static readonly TimeSpan BeforeDeadlockCheck = TimeSpan.FromMilliseconds(500);

    /// <summary>Name and value of each.</summary>
    public static IEnumerable<(string Name, string Value)> Of(SafeSessionOptions options, bool isReadOnly)
    {
        var lockTimeout = isReadOnly || (options.LockTimeout > TimeSpan.Zero && options.LockTimeout < BeforeDeadlockCheck) ? options.LockTimeout : BeforeDeadlockCheck;
        yield return ("statement_timeout", Milliseconds(options.StatementTimeout));
        yield return ("lock_timeout", Milliseconds(lockTimeout));
        // A client that is gone without a word: the server asks for it, and ends the transaction that nobody goes on with.
        yield return ("idle_in_transaction_session_timeout", isReadOnly ? "300000" : "60000");
        yield return ("tcp_keepalives_idle", "30");
        yield return ("tcp_keepalives_interval", "10");
        yield return ("tcp_keepalives_count", "3");
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}

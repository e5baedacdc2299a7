using System.Globalization;

namespace PolicyLint.Live;

/// <summary>Settings of a transaction that keep it from standing in anybody's way.</summary>
internal static class SessionLimits
{
    // A transaction that waits for another is looked at for deadlocks after deadlock_timeout, one second where nobody changed it, and then
    // either of the two may be the one that is ended: what writes gives up before.
    private static readonly TimeSpan BeforeDeadlockCheck = TimeSpan.FromMilliseconds(500);

    // A server that is busy with a statement does not see by itself that nobody waits for it any more. It looks since PostgreSQL 14, where
    // the operating system tells (manual 20.3.2).
    private const string Noticing = "client_connection_check_interval";
    private const string Notices =
        "(pg_catalog.current_setting('server_version_num')::int operator(pg_catalog.>=) 140000 and pg_catalog.strpos(pg_catalog.version(), 'linux') operator(pg_catalog.>) 0)";

    /// <summary>A query that makes settings for the transaction.</summary>
    public static string Query(IEnumerable<(string Name, string Value)> settings) => $"""
        select pg_catalog.set_config(name, value, true)
        from (values {string.Join(", ", settings.Select(static setting => $"({Identifier.Literal(setting.Name)}, {Identifier.Literal(setting.Value)})"))}) as settings (name, value)
        where name operator(pg_catalog.<>) '{Noticing}' or {Notices}
        """;

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
        yield return (Noticing, "1s");
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}

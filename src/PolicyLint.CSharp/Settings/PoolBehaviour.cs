using System.Globalization;
using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.Fixes;
using PolicyLint.Sql.Text;

namespace PolicyLint.CSharp.Settings;

/// <summary>What lets the settings of a session reach the next user.</summary>
/// <param name="Place">Where it is said.</param>
/// <param name="Reason">What it is.</param>
/// <param name="IsResetOnly">All it does is to leave out the reset: what is set whenever a connection is opened is right.</param>
/// <param name="Edit">Takes it away; null where more hangs on it.</param>
internal sealed record PoolKeeper(Location Place, string Reason, bool IsResetOnly, CodeEdit? Edit);

/// <summary>What the pools do with a session that goes back to them, as far as connection strings say.</summary>
/// <param name="IsKnown">Some connection string that is not for development is known.</param>
/// <param name="FilledIn">Where none is: the key on which it hangs in one that is known but for its value.</param>
/// <param name="Keepers">What lets a session's settings reach the next user; empty where nothing is seen that does.</param>
internal sealed record PoolBehaviour(bool IsKnown, string? FilledIn, IReadOnlyList<PoolKeeper> Keepers)
{
    private static readonly string[] s_host = ["host", "server"];
    private static readonly string[] s_port = ["port"];
    private static readonly string[] s_reset = ["no reset on close", "noresetonclose"];
    private static readonly string[] s_pooling = ["pooling"];
    private static readonly string[] s_multiplexing = ["multiplexing"];

    /// <summary>The first of what lets them; null where nothing is seen that does.</summary>
    public string? Keeps => Keepers.Count > 0 ? Keepers[0].Reason : null;

    /// <summary>Reads the settings files, and the connection strings and their builders in code.</summary>
    public static PoolBehaviour Read(IReadOnlyList<SourceText> settings, CodeBase code, CancellationToken cancellation)
    {
        var isKnown = false;
        string? filledIn = null;
        var keepers = new List<PoolKeeper>();
        foreach (var connection in ConnectionString.In(settings).Where(connection => !connection.IsForDevelopment))
        {
            if (IsKnownFor(connection, out var later))
                isKnown = true;
            else
                filledIn ??= later;
            foreach (var (key, reason, isResetOnly) in Reasons(connection))
                keepers.Add(new(connection.Locate(key), reason, isResetOnly, ConnectionKeyEdit.RemoveSwitch(connection, key)));
        }
        foreach (var (tree, outline) in code.OutlinesOf(ConnectionOutline.Read, cancellation))
        {
            isKnown |= outline.IsKnown;
            filledIn ??= outline.FilledIn;
            foreach (var (span, reason, isResetOnly, edit) in outline.Keepers)
                keepers.Add(new(Location.Create(tree, span), reason, isResetOnly, edit));
        }
        isKnown |= keepers.Count > 0;
        return new(isKnown, isKnown ? null : filledIn, keepers);
    }

    /// <summary>What a connection string says that lets them.</summary>
    public static IEnumerable<(ConnectionKey Key, string Reason, bool IsResetOnly)> Reasons(ConnectionString connection)
    {
        // Without a pool what is closed is gone.
        var pooling = connection.ValuesOf(s_pooling);
        if (pooling.Count == 0 || !pooling.All(IsFalse))
        {
            foreach (var (names, isResetOnly) in new[] { (s_reset, true), (s_multiplexing, false) })
            {
                foreach (var key in connection.ValuesOf(names))
                {
                    if (IsTrue(key))
                        yield return (key, $"{key.Name} is set", isResetOnly);
                }
            }
        }
        foreach (var (key, reason) in Poolers(connection))
            yield return (key, reason, false);
    }

    /// <summary>What a connection string says of a pooler on its way.</summary>
    public static IEnumerable<(ConnectionKey Key, string Reason)> Poolers(ConnectionString connection)
    {
        var isNamed = false;
        foreach (var host in connection.ValuesOf(s_host))
        {
            if (host.Name.Length == 0 || host.Value.IndexOf("pgbouncer", StringComparison.OrdinalIgnoreCase) < 0 && host.Value.IndexOf("pooler", StringComparison.OrdinalIgnoreCase) < 0)
                continue;
            isNamed = true;
            yield return (host, $"{host.Value.Replace(CodeText.HoleText, "").Trim('.', '-')} is a pooler");
        }
        if (isNamed)
            yield break;
        foreach (var port in connection.ValuesOf(s_port))
        {
            // PgBouncer's own port, and that of Supabase's pooler for transactions.
            if (port.Name.Length > 0 && int.TryParse(port.Value.Replace(CodeText.HoleText, ""), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is 6432 or 6543)
                yield return (port, $"port {number} is a pooler's");
        }
    }

    /// <summary>Whether a connection string says all of what a pool does; where it leaves that to a value that is filled in, the key.</summary>
    public static bool IsKnownFor(ConnectionString connection, out string? filledIn)
    {
        filledIn = null;
        string? left = null;
        foreach (var names in new[] { s_host, s_port, s_reset, s_multiplexing })
        {
            foreach (var key in connection.ValuesOf(names))
            {
                if (key.Name.Length == 0)
                    return false;
                if (key.IsFilledIn)
                    left ??= key.Name;
            }
        }
        if (connection.ValuesOf(s_host).Count == 0)
            return false;
        filledIn = left;
        return left is null;
    }

    private static bool IsTrue(ConnectionKey key) => key.Name.Length > 0 && string.Equals(key.Value, "true", StringComparison.OrdinalIgnoreCase);

    private static bool IsFalse(ConnectionKey key) => key.Name.Length > 0 && string.Equals(key.Value, "false", StringComparison.OrdinalIgnoreCase);
}

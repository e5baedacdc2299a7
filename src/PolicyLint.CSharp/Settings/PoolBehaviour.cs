using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.CSharp.Fixes;
using PolicyLint.Sql.Text;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>What lets the settings of a session reach the next user.</summary>
/// <param name="Place">Where it is said.</param>
/// <param name="Reason">What it is.</param>
/// <param name="IsResetOnly">All it does is to leave out the reset: what is set whenever a connection is opened is right.</param>
/// <param name="Edit">Takes it away; null where more hangs on it.</param>
internal sealed record PoolKeeper(Location Place, string Reason, bool IsResetOnly, CodeEdit? Edit);

/// <summary>What the pools do with a session that goes back to them, as far as connection strings say.</summary>
/// <param name="IsKnown">Some connection string that is not for development is known.</param>
/// <param name="Keepers">What lets a session's settings reach the next user; empty where nothing is seen that does.</param>
internal sealed record PoolBehaviour(bool IsKnown, IReadOnlyList<PoolKeeper> Keepers)
{
    /// <summary>The first of what lets them; null where nothing is seen that does.</summary>
    public string? Keeps => Keepers.Count > 0 ? Keepers[0].Reason : null;

    /// <summary>Reads the settings files, and the connection strings and their builders in code.</summary>
    public static PoolBehaviour Read(IReadOnlyList<SourceText> settings, CodeBase code, CancellationToken cancellation)
    {
        var isKnown = false;
        var keepers = new List<PoolKeeper>();
        foreach (var connection in ConnectionString.In(settings).Where(connection => !connection.IsForDevelopment))
        {
            isKnown = true;
            foreach (var (key, reason, isResetOnly) in Reasons(connection))
                keepers.Add(new(connection.Locate(key), reason, isResetOnly, ConnectionKeyEdit.RemoveSwitch(connection, key)));
        }
        foreach (var (tree, outline) in code.OutlinesOf(ConnectionOutline.Read, cancellation))
        {
            isKnown |= outline.Strings.Count > 0;
            foreach (var (span, reason, isResetOnly, edit) in outline.Keepers)
                keepers.Add(new(Location.Create(tree, span), reason, isResetOnly, edit));
        }
        return new(isKnown || keepers.Count > 0, keepers);
    }

    /// <summary>What a connection string says that lets them.</summary>
    public static IEnumerable<(ConnectionKey Key, string Reason, bool IsResetOnly)> Reasons(ConnectionString connection)
    {
        foreach (var (key, isResetOnly) in new[] { (connection.Find("no reset on close", "noresetonclose"), true), (connection.Find("multiplexing"), false) })
        {
            if (key is not null && string.Equals(key.Value, "true", StringComparison.OrdinalIgnoreCase))
                yield return (key, $"{key.Name} is set", isResetOnly);
        }
        foreach (var (key, reason) in Poolers(connection))
            yield return (key, reason, false);
    }

    /// <summary>What a connection string says of a pooler on its way.</summary>
    public static IEnumerable<(ConnectionKey Key, string Reason)> Poolers(ConnectionString connection)
    {
        if (connection.Find("host", "server") is { } host && (host.Value.IndexOf("pgbouncer", StringComparison.OrdinalIgnoreCase) >= 0 || host.Value.IndexOf("pooler", StringComparison.OrdinalIgnoreCase) >= 0))
            yield return (host, $"{host.Value} is a pooler");
        // PgBouncer's own port, and that of Supabase's pooler for transactions.
        else if (connection.Find("port") is { } port && int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is 6432 or 6543)
            yield return (port, $"port {port.Value} is a pooler's");
    }
}

/// <summary>What the connection strings of a file and their builders say.</summary>
/// <param name="Strings">Those that are not for development, and their literals.</param>
/// <param name="Keepers">What lets a session's settings reach the next user.</param>
internal sealed record ConnectionOutline(IReadOnlyList<(TextSpan Literal, ConnectionString Connection)> Strings, IReadOnlyList<(TextSpan Span, string Reason, bool IsResetOnly, CodeEdit? Edit)> Keepers)
{
    public static ConnectionOutline Read(SyntaxNode root)
    {
        var strings = new List<(TextSpan, ConnectionString)>();
        var keepers = new List<(TextSpan, string, bool, CodeEdit?)>();
        if (!FileWords.MayHave(root, "host", "server", "NoResetOnClose", "Multiplexing"))
            return new(strings, keepers);
        foreach (var node in root.DescendantNodes())
        {
            if (node is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token: var token } && ConnectionString.Of(token) is { IsForDevelopment: false } connection)
            {
                strings.Add((node.Span, connection));
                keepers.AddRange(PoolBehaviour.Reasons(connection).Select(found => (connection.PlaceOf(found.Key) ?? node.Span, found.Reason, found.IsResetOnly, ConnectionKeyEdit.RemoveSwitch(connection, found.Key))));
            }
            else if (node is AssignmentExpressionSyntax { Left: var left, Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } isOn } && NameOf(left) is "NoResetOnClose" or "Multiplexing")
                keepers.Add((node.Span, NameOf(left) + " is set", NameOf(left) == "NoResetOnClose", new(root.SyntaxTree, isOn.Span, "false")));
        }
        return new(strings, keepers);
    }

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}

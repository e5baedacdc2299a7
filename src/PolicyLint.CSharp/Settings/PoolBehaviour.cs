using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Sql.Text;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>What lets the settings of a session reach the next user.</summary>
/// <param name="Place">Where it is said.</param>
/// <param name="Reason">What it is.</param>
/// <param name="IsResetOnly">All it does is to leave out the reset: what is set whenever a connection is opened is right.</param>
internal sealed record PoolKeeper(Location Place, string Reason, bool IsResetOnly);

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
                keepers.Add(new(connection.Locate(key), reason, isResetOnly));
        }
        foreach (var (tree, outline) in code.OutlinesOf(ConnectionOutline.Read, cancellation))
        {
            isKnown |= outline.IsKnown;
            foreach (var (span, reason, isResetOnly) in outline.Keepers)
                keepers.Add(new(Location.Create(tree, span), reason, isResetOnly));
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
        if (connection.Find("host", "server") is { } host && (host.Value.IndexOf("pgbouncer", StringComparison.OrdinalIgnoreCase) >= 0 || host.Value.IndexOf("pooler", StringComparison.OrdinalIgnoreCase) >= 0))
            yield return (host, $"{host.Value} is a pooler", false);
        // PgBouncer's own port, and that of Supabase's pooler for transactions.
        else if (connection.Find("port") is { } port && int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is 6432 or 6543)
            yield return (port, $"port {port.Value} is a pooler's", false);
    }
}

/// <summary>What the connection strings of a file and their builders say.</summary>
/// <param name="IsKnown">It holds one that is not for development.</param>
/// <param name="Keepers">What lets a session's settings reach the next user.</param>
internal sealed record ConnectionOutline(bool IsKnown, IReadOnlyList<(TextSpan Span, string Reason, bool IsResetOnly)> Keepers)
{
    public static ConnectionOutline Read(SyntaxNode root)
    {
        var isKnown = false;
        var keepers = new List<(TextSpan, string, bool)>();
        foreach (var node in root.DescendantNodes())
        {
            if (node is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token.ValueText: { Length: > 0 } text } && text.IndexOf('=') > 0
                && ConnectionString.Of(new(text, root.SyntaxTree.FilePath)) is { IsForDevelopment: false } connection)
            {
                isKnown = true;
                keepers.AddRange(PoolBehaviour.Reasons(connection).Select(found => (node.Span, found.Reason, found.IsResetOnly)));
            }
            else if (node is AssignmentExpressionSyntax { Left: var left, Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } } && NameOf(left) is "NoResetOnClose" or "Multiplexing")
                keepers.Add((node.Span, NameOf(left) + " is set", NameOf(left) == "NoResetOnClose"));
        }
        return new(isKnown, keepers);
    }

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}

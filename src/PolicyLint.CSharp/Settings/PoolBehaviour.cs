using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Sql.Text;

namespace PolicyLint.CSharp.Settings;

/// <summary>What the pools do with a session that goes back to them, as far as connection strings say.</summary>
/// <param name="IsKnown">Some connection string that is not for development is known.</param>
/// <param name="Keeps">What lets a session's settings reach the next user; null where nothing is seen that does.</param>
internal sealed record PoolBehaviour(bool IsKnown, string? Keeps)
{
    /// <summary>Reads the settings files, and the connection strings and their builders in code.</summary>
    public static PoolBehaviour Read(IReadOnlyList<SourceText> settings, CodeBase code, CancellationToken cancellation)
    {
        var isKnown = false;
        string? keeps = null;
        foreach (var connection in ConnectionString.In(settings))
            Add(connection);
        foreach (var tree in code.Compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var node in tree.GetRoot(cancellation).DescendantNodes())
            {
                if (node is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token.ValueText: { Length: > 0 } text } && text.IndexOf('=') > 0 && ConnectionString.Of(new(text, tree.FilePath)) is { } connection)
                    Add(connection);
                else if (node is AssignmentExpressionSyntax { Left: var left, Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } } && NameOf(left) is "NoResetOnClose" or "Multiplexing")
                    keeps ??= NameOf(left) + " is set";
            }
        }
        return new(isKnown || keeps is not null, keeps);

        void Add(ConnectionString connection)
        {
            if (connection.IsForDevelopment)
                return;
            isKnown = true;
            keeps ??= Reason(connection);
        }
    }

    private static string? Reason(ConnectionString connection)
    {
        foreach (var key in new[] { connection.Find("no reset on close", "noresetonclose"), connection.Find("multiplexing") })
        {
            if (key is not null && string.Equals(key.Value, "true", StringComparison.OrdinalIgnoreCase))
                return $"{key.Name} is set";
        }
        var host = connection.Find("host", "server")?.Value ?? "";
        if (host.IndexOf("pgbouncer", StringComparison.OrdinalIgnoreCase) >= 0 || host.IndexOf("pooler", StringComparison.OrdinalIgnoreCase) >= 0)
            return $"{host} is a pooler";
        // PgBouncer's own port, and that of Supabase's pooler for transactions.
        return connection.Find("port") is { } port && int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is 6432 or 6543 ? $"port {port.Value} is a pooler's" : null;
    }

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}

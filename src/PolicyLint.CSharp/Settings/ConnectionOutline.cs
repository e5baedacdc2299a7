using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.Fixes;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>What the connection strings of a file and their builders say.</summary>
/// <param name="Strings">Those that are not for development and stand in a literal.</param>
/// <param name="Keepers">What lets a session's settings reach the next user.</param>
/// <param name="IsKnown">What a pool does with the sessions of some connection string is known.</param>
/// <param name="FilledIn">The key on which that hangs, in a connection string that is known but for its value.</param>
internal sealed record ConnectionOutline(IReadOnlyList<(TextSpan Literal, ConnectionString Connection)> Strings, IReadOnlyList<(TextSpan Span, string Reason, bool IsResetOnly, CodeEdit? Edit)> Keepers, bool IsKnown, string? FilledIn)
{
    public static ConnectionOutline Read(SyntaxNode root) =>
        FileWords.MayHave(root, "host", "server", "NoResetOnClose", "No Reset On Close", "Multiplexing", "ConnectionStringBuilder") ? new ConnectionReader(root).Read() : new([], [], false, null);
}

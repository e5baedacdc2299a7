using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.Sinks;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Tells the policies who the user is, in a transaction around all that a connection runs.</summary>
internal static class TenantSetting
{
    /// <summary>The fix; null where the connection is not the block's own, or what the policies compare with the setting has no value in scope.</summary>
    public static SiteFix? Of(ProjectAnalysis project, SqlCall call, TenantKey key, string column, string setting, CancellationToken cancellation)
    {
        var states = ConnectionContext.OfCall(project, call.Operation, setting, cancellation);
        if (key.Column.Name != column || states.Count == 0 || !states.All(state => state is { Tenant: Standing.Unset, HasTransaction: false }))
            return null;
        if (TransactionBlock.Of(project, call.Operation, cancellation) is not { } block || UserExpressions.Find(project, block.Start, key, cancellation) is not { } user)
            return null;
        var name = UserExpressions.CamelCase(column);
        var isText = key.Column.Type == "text" || key.Column.Type.StartsWith("character varying", StringComparison.Ordinal);
        return Statement(block, setting, name, isText ? "" : "::text", user) is { } statement ? new($"Set {setting} in a transaction", ImmutableArray.CreateRange(block.Edits(statement))) : null;
    }

    private static string? Statement(TransactionBlock block, string setting, string name, string cast, string user)
    {
        var (wait, suffix) = block.IsAsync ? ("await ", "Async") : ("", "");
        if (block.Knows("SqlMapper"))
            return $"{wait}{block.Connection}.Execute{suffix}(\"select set_config('{setting}', @{name}{cast}, true)\", new {{ {(user == name ? name : $"{name} = {user}")} }});";
        return block.IsOfNpgsql && block.Knows("NpgsqlCommand")
            ? $"{wait}new NpgsqlCommand(\"select set_config('{setting}', $1{cast}, true)\", {block.Connection}) {{ Parameters = {{ new() {{ Value = {user} }} }} }}.ExecuteNonQuery{suffix}();"
            : null;
    }
}

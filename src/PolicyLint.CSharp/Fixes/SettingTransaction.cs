using System.Collections.Immutable;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Opens a transaction for a setting that ends with one.</summary>
internal static class SettingTransaction
{
    /// <summary>The fix; null where the connection is not opened in the same block, or may have a transaction.</summary>
    public static SiteFix? Of(SiteRuleContext context, SessionSetting setting) =>
        Edits(context, setting) is { } edits ? new("Begin a transaction", ImmutableArray.CreateRange(edits)) : null;

    /// <summary>The edits that open it.</summary>
    public static IEnumerable<CodeEdit>? Edits(SiteRuleContext context, SessionSetting setting)
    {
        var states = ConnectionContext.OfCall(context.Project, context.Call.Operation, setting.Name, context.Cancellation);
        return states.Count > 0 && states.All(state => state.HasTransaction == false) ? TransactionBlock.Of(context.Project, context.Call.Operation, context.Cancellation)?.Edits() : null;
    }
}

using System.Collections.Immutable;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Rules.DataAccess;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Makes a setting of the session one of the transaction.</summary>
internal static class LocalSetting
{
    /// <summary>The fix; null where no transaction is seen, in which the setting would last, and none can be opened.</summary>
    public static SiteFix? Of(SiteRuleContext context, SessionSetting setting)
    {
        var transaction = ContextOutsideTransaction.MayHaveTransaction(context.Call.Operation) ? [] : SettingTransaction.Edits(context, setting);
        if (transaction is null || setting.Scope is not { } scope)
            return null;
        var word = context.Text.Text.Substring(scope.Start, scope.End - scope.Start);
        var isUpper = word.All(char.IsUpper);
        var edit = setting.IsCall
            ? LiteralEdit.Replace(context.Project, context.Call, context.Text, scope.Start, scope.End, isUpper ? "TRUE" : "true", context.Cancellation)
            : LiteralEdit.Insert(context.Project, context.Call, context.Text, scope.End, isUpper ? " LOCAL" : " local", context.Cancellation);
        return edit is null ? null : new($"Set {setting.Name} for the transaction", ImmutableArray.CreateRange([edit, .. transaction]));
    }
}

using PolicyLint.CSharp.Rules;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Takes an assignment out of an UPDATE. The value that it set may go on being sent: nothing reads it.</summary>
internal static class AssignmentRemoval
{
    /// <summary>The fix; null where nothing else is set, or where parameters are counted by their position.</summary>
    public static SiteFix? Of(SiteRuleContext context, UpdateStatement update, TextSpan assignment, string column)
    {
        var all = update.Assignments;
        var index = Array.FindIndex(all, each => each.Span == assignment);
        if (index < 0 || all[index].IsMultiple || all.Length == 1 || context.Bindings.PositionalCount > 0)
            return null;
        var removal = index > 0 ? new SqlEdit(all[index - 1].End, all[index].End, "") : new SqlEdit(all[0].Start, all[1].Start, "");
        return SqlEdit.Apply(context, update, [removal]) is UpdateStatement { Assignments: var left } && left.Length == all.Length - 1 ? SqlEdit.InCode(context, $"Leave {column} as it is", [removal]) : null;
    }
}

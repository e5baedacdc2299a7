using System.Collections.Immutable;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Adds the tenancy condition to a statement, for each table in it that lacks one, and binds the user to it.</summary>
internal static class TenantPredicate
{
    /// <summary>The fix of all open tables of a statement; null where the result is not certain. It is judged before it is offered.</summary>
    public static SiteFix? Of(SiteRuleContext context)
    {
        var open = context.Occurrences.Where(IsOpen).ToList();
        if (open.Count == 0 || Value(context, open) is not { } value)
            return null;

        var insertions = new List<SqlEdit>();
        foreach (var occurrence in open)
        {
            if (PredicatePlace.Find(context.Statement, context.Text.Text, occurrence, value.Sql) is not { } found)
                return null;
            foreach (var insertion in found)
            {
                // The first condition brings the WHERE for all of them.
                var isSecond = insertion.Text.StartsWith(" where", StringComparison.OrdinalIgnoreCase) && insertions.Exists(other => other.Start == insertion.Start);
                insertions.Add(isSecond ? insertion with { Text = (insertion.Text[1] == 'W' ? " AND" : " and") + insertion.Text.Substring(" where".Length) } : insertion);
            }
        }
        // One pair of brackets around what was there is enough.
        if (insertions.Count(insertion => insertion.Text == "(") > 1)
            return null;
        return IsRight(context, insertions, open.Count) ? SqlEdit.InCode(context, $"Add the condition on {open[0].Key.Column.Name}", insertions, value) : null;
    }

    private static bool IsOpen(TenantOccurrence occurrence) =>
        occurrence.Verdict is Verdict.Refuted && (occurrence.Kind == OccurrenceKind.Read ? !occurrence.IsOfPrincipals : occurrence.Kind is OccurrenceKind.Update or OccurrenceKind.Delete);

    // The parameter that the statement compares the key of another table with, or a new one.
    private static BoundValue? Value(SiteRuleContext context, List<TenantOccurrence> open)
    {
        var key = open[0].Key;
        if (open.Exists(occurrence => occurrence.Key.Column.Name != key.Column.Name || occurrence.Key.Column.Type != key.Column.Type))
            return null;
        if (KeyComparison.Parameters(context.Statement, key.Column.Name).Count == 0)
            return BoundValue.OfUser(context, key);
        var names = KeyComparison.Equated(context.Statement, key.Column.Name).Select(parameter => context.Text.Text.Substring(parameter.Start, parameter.End - parameter.Start)).Distinct().ToList();
        var isHeld = context.Occurrences.Any(occurrence => occurrence.Verdict is Verdict.Proven);
        return isHeld && names is [var only] && only.IndexOf(SqlText.HoleName, StringComparison.Ordinal) < 0 && !context.Call.HasNumberedParameters ? new(only, only, ImmutableArray<CodeEdit>.Empty) : null;
    }

    private static bool IsRight(SiteRuleContext context, List<SqlEdit> insertions, int count) =>
        SqlEdit.Apply(context, context.Statement, insertions) is { } statement
        && context.Project.Database.Judge.Judge(statement, context.Cancellation) is var judged
        && judged.Count == context.Occurrences.Count
        && judged.Count(occurrence => occurrence.Verdict is Verdict.Proven) == context.Occurrences.Count(occurrence => occurrence.Verdict is Verdict.Proven) + count;
}

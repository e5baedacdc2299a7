using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Adds the tenancy condition to a statement, for each table in it that lacks one, and binds the user to it.</summary>
internal static class TenantPredicate
{
    /// <summary>The fix of all open tables of a statement; null where the result is not certain. It is judged before it is offered.</summary>
    public static SiteFix? Of(SiteRuleContext context)
    {
        var project = context.Project;
        var cancellation = context.Cancellation;
        var open = context.Occurrences.Where(IsOpen).ToList();
        if (open.Count == 0 || project.SiteOf(context.Call.Operation, cancellation) is not { Unread.Length: 0, Texts.Count: 1 } || Value(context, open) is not { } value)
            return null;

        var insertions = new List<SqlInsertion>();
        foreach (var occurrence in open)
        {
            if (PredicatePlace.Find(context.Statement, context.Text.Text, occurrence, value.Sql) is not { } found)
                return null;
            foreach (var insertion in found)
            {
                // The first condition brings the WHERE for all of them.
                var isSecond = insertion.Text.StartsWith(" where", StringComparison.OrdinalIgnoreCase) && insertions.Exists(other => other.Offset == insertion.Offset);
                insertions.Add(isSecond ? insertion with { Text = (insertion.Text[1] == 'W' ? " AND" : " and") + insertion.Text.Substring(" where".Length) } : insertion);
            }
        }
        // One pair of brackets around what was there is enough.
        if (insertions.Count(insertion => insertion.Text == "(") > 1)
            return null;
        if (!IsRight(context, insertions, open.Count))
            return null;

        var edits = ImmutableArray.CreateBuilder<CodeEdit>();
        foreach (var insertion in insertions)
        {
            if (LiteralEdit.Insert(project, context.Call, context.Text, insertion.Offset, insertion.Text.Replace(value.Sql, value.Written), cancellation) is not { } edit)
                return null;
            edits.Add(edit);
        }
        edits.AddRange(value.Edits);
        return new($"Add the condition on {open[0].Key.Column.Name}", edits.ToImmutable());
    }

    private static bool IsOpen(TenantOccurrence occurrence) =>
        occurrence.Verdict is Verdict.Refuted && (occurrence.Kind == OccurrenceKind.Read ? !occurrence.IsOfPrincipals() : occurrence.Kind is OccurrenceKind.Update or OccurrenceKind.Delete);

    // The parameter that the statement compares the key of another table with, or a new one.
    private static BoundValue? Value(SiteRuleContext context, List<TenantOccurrence> open)
    {
        var key = open[0].Key;
        if (open.Exists(occurrence => occurrence.Key.Column.Name != key.Column.Name || occurrence.Key.Column.Type != key.Column.Type))
            return null;
        var compared = KeyComparison.Parameters(context.Statement, key.Column.Name);
        if (compared.Count > 0)
        {
            var names = KeyComparison.Equated(context.Statement, key.Column.Name).Select(parameter => context.Text.Text.Substring(parameter.Start, parameter.End - parameter.Start)).Distinct().ToList();
            var isHeld = context.Occurrences.Any(occurrence => occurrence.Verdict is Verdict.Proven);
            return isHeld && names is [var only] && only.IndexOf(SqlText.HoleName, StringComparison.Ordinal) < 0 && !context.Call.HasNumberedParameters ? new(only, only, ImmutableArray<CodeEdit>.Empty) : null;
        }
        return UserExpressions.Find(context.Project, context.Call.Operation, key, context.Cancellation) is { } user
            ? BoundValue.Add(context.Call, context.Bindings, UserExpressions.CamelCase(key.Column.Name), user)
            : null;
    }

    private static bool IsRight(SiteRuleContext context, List<SqlInsertion> insertions, int count)
    {
        var text = context.Text.Text;
        foreach (var insertion in insertions.Select((insertion, index) => (insertion, index)).OrderByDescending(pair => pair.insertion.Offset).ThenByDescending(pair => pair.index))
            text = text.Insert(insertion.insertion.Offset, insertion.insertion.Text);
        var tree = SqlParser.Parse(new SourceText(text, "fixed"), SqlParseOptions.DotNet, context.Cancellation);
        var index = context.Statements.ToList().IndexOf(context.Statement);
        return tree.Errors.Count == 0 && tree.Statements.Count == context.Statements.Count
            && context.Project.Database.Judge.Judge(tree.Statements[index], context.Cancellation) is var judged
            && judged.Count == context.Occurrences.Count
            && judged.Count(occurrence => occurrence.Verdict is Verdict.Proven) == context.Occurrences.Count(occurrence => occurrence.Verdict is Verdict.Proven) + count;
    }
}

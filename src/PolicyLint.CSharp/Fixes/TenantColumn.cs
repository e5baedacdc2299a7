using PolicyLint.Core.Access;
using PolicyLint.CSharp.Rules;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Adds the tenancy column to the rows of an INSERT, and binds the user to it.</summary>
internal static class TenantColumn
{
    /// <summary>The fix; null where the INSERT names no columns, or its rows are not written one by one.</summary>
    public static SiteFix? Of(SiteRuleContext context, TenantOccurrence occurrence)
    {
        if (context.Statement is not InsertStatement { Columns: { Length: > 0 } columns, Source: { } source } insert || insert.Table.Span != occurrence.Span)
            return null;
        if (!EachRowIs(source, columns.Length) || BoundValue.OfUser(context, occurrence.Key) is not { } value)
            return null;
        var edits = new List<SqlEdit> { SqlEdit.Insert(columns[columns.Length - 1].End, ", " + SqlEdit.Name(occurrence.Key.Column.Name)) };
        if (source is ValuesQuery values)
            edits.AddRange(values.Rows.Select(row => SqlEdit.Insert(EndOfItems(context.Text.Text, row), ", " + value.Sql)));
        else if (source is SelectQuery { Targets: var targets })
            edits.Add(SqlEdit.Insert(targets[targets.Length - 1].End, ", " + value.Sql));
        return SqlEdit.Apply(context, insert, edits) is InsertStatement { Source: { } written } made && made.Columns.Length == columns.Length + 1 && EachRowIs(written, made.Columns.Length)
            ? SqlEdit.InCode(context, $"Set {occurrence.Key.Column.Name}", edits, value)
            : null;
    }

    private static bool EachRowIs(QueryStatement source, int length) => source switch
    {
        ValuesQuery values => values.Rows.All(row => row.Items.Length == length),
        SelectQuery { IsDistinct: false, DistinctOn.Length: 0, GroupBy: null } select => select.Targets.Length == length && select.Targets.All(target => target.Value is not ColumnReference { IsStar: true }),
        _ => false,
    };

    // Behind the last item, whose own brackets its span leaves out.
    private static int EndOfItems(string text, RowConstructor row)
    {
        var end = row.End - 1;
        while (char.IsWhiteSpace(text[end - 1]))
            end--;
        return end;
    }
}

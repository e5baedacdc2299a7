using System.Collections.Immutable;
using PolicyLint.CSharp.Rules;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Fixes;

/// <summary>A part of an SQL text and what comes in its place.</summary>
internal sealed record SqlEdit(int Start, int End, string Text)
{
    public static SqlEdit Insert(int offset, string text) => new(offset, offset, text);

    /// <summary>A name as it is written in SQL.</summary>
    public static string Name(string name) => SqlPrinter.Print(new ColumnReference { Name = new(new Name(name)) });

    /// <summary>A statement of a text as the edits make it; null where the text can't be read then, or holds another number of statements.</summary>
    public static Statement? Apply(TextRuleContext context, Statement statement, IEnumerable<SqlEdit> edits)
    {
        var text = context.Text.Text;
        // From the back; of those at one place the first stands first.
        foreach (var edit in edits.OrderBy(edit => edit.Start).Reverse())
            text = text.Remove(edit.Start, edit.End - edit.Start).Insert(edit.Start, edit.Text);
        var tree = SqlParser.Parse(new SourceText(text, "fixed"), SqlParseOptions.DotNet, context.Cancellation);
        return tree.Errors.Count == 0 && tree.Statements.Count == context.Statements.Count ? tree.Statements[context.Statements.ToList().IndexOf(statement)] : null;
    }

    /// <summary>The edits in the literals of the call, and those that bind a value; null where one stands in no literal of its own, or the call has other texts, too.</summary>
    public static SiteFix? InCode(TextRuleContext context, string title, IEnumerable<SqlEdit> edits, BoundValue? value = null)
    {
        if (context.Project.SiteOf(context.Call.Operation, context.Cancellation) is not { Unread.Length: 0, Texts.Count: 1 })
            return null;
        var written = new List<CodeEdit>();
        foreach (var edit in edits)
        {
            var text = value is null ? edit.Text : edit.Text.Replace(value.Sql, value.Written);
            if ((edit.Start == edit.End
                ? LiteralEdit.Insert(context.Project, context.Call, context.Text, edit.Start, text, context.Cancellation)
                : LiteralEdit.Replace(context.Project, context.Call, context.Text, edit.Start, edit.End, text, context.Cancellation)) is not { } inCode)
                return null;
            written.Add(inCode);
        }
        return new(title, ImmutableArray.CreateRange(value is null ? written : written.Concat(value.Edits)));
    }
}

using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Migrations;

/// <summary>The fenced `sql` blocks of a Markdown document (CommonMark, fenced code blocks).</summary>
public static class MarkdownFences
{
    /// <summary>Spans of the blocks' contents, fences left out. A block that is not closed reaches to the end, as in Markdown.</summary>
    public static IReadOnlyList<TextSpan> Find(SourceText document)
    {
        var blocks = new List<TextSpan>();
        var text = document.Text;
        var fenceLength = 0;
        var fence = ' ';
        var start = -1;
        var isSql = false;
        for (var line = 0; line < document.LineCount; line++)
        {
            var span = document.GetLine(line);
            var i = span.Start;
            while (i < span.End && text[i] is ' ' or '\t' or '>')
                i++;
            var run = i;
            while (run < span.End && text[run] == text[i] && text[i] is '`' or '~')
                run++;
            if (run - i < 3)
                continue;
            if (start < 0)
            {
                fence = text[i];
                fenceLength = run - i;
                start = line + 1 < document.LineCount ? document.GetLine(line + 1).Start : text.Length;
                isSql = IsSql(text, run, span.End);
            }
            else if (text[i] == fence && run - i >= fenceLength && IsBlank(text, run, span.End))
            {
                if (isSql)
                    blocks.Add(TextSpan.FromBounds(start, Math.Max(start, span.Start)));
                start = -1;
            }
        }
        if (start >= 0 && isSql)
            blocks.Add(TextSpan.FromBounds(start, text.Length));
        return blocks;
    }

    private static bool IsSql(string text, int start, int end)
    {
        while (start < end && text[start] == ' ')
            start++;
        var word = start;
        while (word < end && (char.IsLetterOrDigit(text[word]) || text[word] == '-'))
            word++;
        var info = text.Substring(start, word - start).ToLowerInvariant();
        return info is "sql" or "postgresql" or "postgres" or "psql" or "pgsql";
    }

    private static bool IsBlank(string text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (text[i] is not (' ' or '\t'))
                return false;
        }
        return true;
    }
}

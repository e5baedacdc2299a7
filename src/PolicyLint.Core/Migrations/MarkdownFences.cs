using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Migrations;

/// <summary>A fenced `sql` block.</summary>
/// <param name="Span">Its contents, fences left out.</param>
/// <param name="IsRollback">It stands under a heading that speaks of a rollback: what takes the rest back and is no part of it.</param>
public sealed record MarkdownBlock(TextSpan Span, bool IsRollback);

/// <summary>The fenced `sql` blocks of a Markdown document (CommonMark, fenced code blocks).</summary>
public static class MarkdownFences
{
    /// <summary>The blocks in order. One that is not closed reaches to the end, as in Markdown.</summary>
    public static IReadOnlyList<MarkdownBlock> Find(SourceText document)
    {
        var blocks = new List<MarkdownBlock>();
        // The level of the outermost heading that speaks of a rollback; it ends at the next heading of that level or above.
        var rollbackLevel = 0;
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
            if (start < 0 && i < span.End && text[i] == '#')
            {
                var level = 1;
                while (i + level < span.End && text[i + level] == '#')
                    level++;
                if (rollbackLevel == 0 || level <= rollbackLevel)
                    rollbackLevel = SpeaksOfRollback(text, i, span.End) ? level : 0;
                continue;
            }
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
                    blocks.Add(new(TextSpan.FromBounds(start, Math.Max(start, span.Start)), rollbackLevel > 0));
                start = -1;
            }
        }
        if (start >= 0 && isSql)
            blocks.Add(new(TextSpan.FromBounds(start, text.Length), rollbackLevel > 0));
        return blocks;
    }

    private static bool SpeaksOfRollback(string text, int start, int end)
    {
        var heading = text.Substring(start, end - start);
        return heading.IndexOf("rollback", StringComparison.OrdinalIgnoreCase) >= 0 || heading.IndexOf("roll back", StringComparison.OrdinalIgnoreCase) >= 0;
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

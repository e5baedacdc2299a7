using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Migrations;

/// <summary>The up and down parts of one file: goose's `-- +goose Up`, sql-migrate's `-- +migrate Up` and dbmate's `-- migrate:up`.</summary>
/// <param name="Up">Spans that apply.</param>
/// <param name="Down">Spans that take back.</param>
public sealed record MigrationSections(IReadOnlyList<TextSpan> Up, IReadOnlyList<TextSpan> Down)
{
    private static readonly char[] s_blanks = [' ', '\t', '\r'];
    private static readonly char[] s_breaks = ['\n', '\r'];

    /// <summary>The tool wraps the up part in a transaction, as it does where the file does not say otherwise.</summary>
    public bool IsUpOneTransaction { get; init; } = true;

    /// <summary>The same for the down part.</summary>
    public bool IsDownOneTransaction { get; init; } = true;

    /// <summary>The sections of a file; null where it has no markers.</summary>
    public static MigrationSections? Find(SourceText file)
    {
        var text = file.Text;
        List<TextSpan>? up = null, down = null, current = null;
        bool isUpTransaction = true, isDownTransaction = true;
        var start = 0;
        var lineEnd = -1;
        while (lineEnd < text.Length)
        {
            // Not by the file's own lines, which are counted where something is found in it: most files have no markers.
            var lineStart = lineEnd + 1;
            lineEnd = text.IndexOfAny(s_breaks, lineStart);
            if (lineEnd < 0)
                lineEnd = text.Length;
            if (MarkerOf(text, TextSpan.FromBounds(lineStart, lineEnd)) is not { } marker)
                continue;
            if (marker.ForbidsTransaction)
            {
                isUpTransaction &= marker.IsUp == false;
                isDownTransaction &= marker.IsUp == true;
            }
            if (marker.IsUp is not { } isUp)
                continue;
            current?.Add(TextSpan.FromBounds(start, lineStart));
            current = isUp ? up ??= [] : down ??= [];
            start = lineEnd;
        }
        if (current is null)
            return null;
        current.Add(TextSpan.FromBounds(start, text.Length));
        return new(up ?? [], down ?? []) { IsUpOneTransaction = isUpTransaction, IsDownOneTransaction = isDownTransaction };
    }

    // goose's NO TRANSACTION is about the whole file; the others say it of a section.
    private static (bool? IsUp, bool ForbidsTransaction)? MarkerOf(string text, TextSpan line)
    {
        var i = line.Start;
        if (line.Length < 6 || text[i] != '-' || text[i + 1] != '-')
            return null;
        i += 2;
        while (i < line.End && text[i] == ' ')
            i++;
        if (i == line.End || text[i] is not ('+' or 'm'))
            return null;
        var words = text.Substring(i, line.End - i).Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["+goose", var direction, ..] when Is(direction, "up") => (true, false),
            ["+goose", var direction, ..] when Is(direction, "down") => (false, false),
            ["+goose", var no, var transaction, ..] when Is(no, "no") && Is(transaction, "transaction") => (null, true),
            ["+migrate", var direction, ..] when Is(direction, "up") => (true, Has(words, "notransaction")),
            ["+migrate", var direction, ..] when Is(direction, "down") => (false, Has(words, "notransaction")),
            ["migrate:up", ..] => (true, Has(words, "transaction:false")),
            ["migrate:down", ..] => (false, Has(words, "transaction:false")),
            _ => null,
        };
    }

    private static bool Has(string[] words, string option) => Array.IndexOf(words, option) >= 0;

    private static bool Is(string word, string marker) => string.Equals(word, marker, StringComparison.OrdinalIgnoreCase);
}

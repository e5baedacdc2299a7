using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Migrations;

/// <summary>The up and down parts of one file: goose's `-- +goose Up` and dbmate's `-- migrate:up`.</summary>
/// <param name="Up">Spans that apply.</param>
/// <param name="Down">Spans that take back.</param>
public sealed record MigrationSections(IReadOnlyList<TextSpan> Up, IReadOnlyList<TextSpan> Down)
{
    /// <summary>The tool runs the up part in a transaction: not after goose's `NO TRANSACTION` or dbmate's `transaction:false`.</summary>
    public bool IsUpOneTransaction { get; init; } = true;

    /// <summary>The same for the down part.</summary>
    public bool IsDownOneTransaction { get; init; } = true;

    /// <summary>The sections of a file; null where it has no markers.</summary>
    public static MigrationSections? Find(SourceText file)
    {
        List<TextSpan> up = [], down = [];
        List<TextSpan>? current = null;
        var start = 0;
        bool isUpOneTransaction = true, isDownOneTransaction = true;
        for (var line = 0; line < file.LineCount; line++)
        {
            var span = file.GetLine(line);
            var marker = WordsOf(file.Text, span);
            if (marker.StartsWith("+goose NO TRANSACTION", StringComparison.OrdinalIgnoreCase))
                isUpOneTransaction = isDownOneTransaction = false;
            if (DirectionOf(marker) is not { } isUp)
                continue;
            if (marker.EndsWith("transaction:false", StringComparison.Ordinal))
                (isUp ? ref isUpOneTransaction : ref isDownOneTransaction) = false;
            current?.Add(TextSpan.FromBounds(start, span.Start));
            current = isUp ? up : down;
            start = span.End;
        }
        if (current is null)
            return null;
        current.Add(TextSpan.FromBounds(start, file.Text.Length));
        return new(up, down) { IsUpOneTransaction = isUpOneTransaction, IsDownOneTransaction = isDownOneTransaction };
    }

    // What a comment line says; empty for any other line.
    private static string WordsOf(string text, TextSpan line)
    {
        var i = line.Start;
        if (line.Length < 6 || text[i] != '-' || text[i + 1] != '-')
            return "";
        i += 2;
        while (i < line.End && text[i] == ' ')
            i++;
        return text.Substring(i, line.End - i).TrimEnd();
    }

    private static bool? DirectionOf(string words)
    {
        if (words.StartsWith("+goose Up", StringComparison.OrdinalIgnoreCase) || words.StartsWith("migrate:up", StringComparison.Ordinal))
            return true;
        if (words.StartsWith("+goose Down", StringComparison.OrdinalIgnoreCase) || words.StartsWith("migrate:down", StringComparison.Ordinal))
            return false;
        return null;
    }
}

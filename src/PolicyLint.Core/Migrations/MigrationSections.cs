using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Migrations;

/// <summary>The up and down parts of one file: goose's `-- +goose Up` and dbmate's `-- migrate:up`.</summary>
/// <param name="Up">Spans that apply.</param>
/// <param name="Down">Spans that take back.</param>
public sealed record MigrationSections(IReadOnlyList<TextSpan> Up, IReadOnlyList<TextSpan> Down)
{
    /// <summary>The sections of a file; null where it has no markers.</summary>
    public static MigrationSections? Find(SourceText file)
    {
        List<TextSpan> up = [], down = [];
        List<TextSpan>? current = null;
        var start = 0;
        for (var line = 0; line < file.LineCount; line++)
        {
            var span = file.GetLine(line);
            if (MarkerOf(file.Text, span) is not { } isUp)
                continue;
            current?.Add(TextSpan.FromBounds(start, span.Start));
            current = isUp ? up : down;
            start = span.End;
        }
        if (current is null)
            return null;
        current.Add(TextSpan.FromBounds(start, file.Text.Length));
        return new(up, down);
    }

    private static bool? MarkerOf(string text, TextSpan line)
    {
        var i = line.Start;
        if (line.Length < 6 || text[i] != '-' || text[i + 1] != '-')
            return null;
        i += 2;
        while (i < line.End && text[i] == ' ')
            i++;
        var words = text.Substring(i, line.End - i).TrimEnd();
        if (words.StartsWith("+goose Up", StringComparison.OrdinalIgnoreCase) || words.StartsWith("migrate:up", StringComparison.Ordinal))
            return true;
        if (words.StartsWith("+goose Down", StringComparison.OrdinalIgnoreCase) || words.StartsWith("migrate:down", StringComparison.Ordinal))
            return false;
        return null;
    }
}

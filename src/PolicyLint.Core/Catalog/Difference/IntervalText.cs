using System.Globalization;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>An interval constant in one spelling: people write `24 hours`, the server prints `24:00:00`.</summary>
internal static class IntervalText
{
    private static readonly char[] s_blanks = [' ', '\t', '\n', '\r'];

    /// <summary>Months, days and microseconds, which is what PostgreSQL keeps; null where the text is no interval with units or hours.</summary>
    public static string? Normalize(string text)
    {
        var words = text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Length > 16)
            return null;
        decimal months = 0, days = 0, microseconds = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (Clock(words[i]) is { } clock)
            {
                microseconds += clock;
                continue;
            }
            var (number, unit) = Split(words[i]);
            if (unit.Length == 0 && i + 1 < words.Length)
                unit = words[++i];
            if (!decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || Math.Abs(count) > 1_000_000_000)
                return null;
            switch (UnitOf(unit))
            {
                case (var factor, 'M') when count == Math.Truncate(count):
                    months += count * factor;
                    break;
                case (var factor, 'D') when count == Math.Truncate(count):
                    days += count * factor;
                    break;
                case (var factor, 'T'):
                    microseconds += count * factor;
                    break;
                default:
                    return null;
            }
        }
        return FormattableString.Invariant($"{months:0} months {days:0} days {microseconds / 1_000_000m:0.######} seconds");
    }

    private static (string Number, string Unit) Split(string word)
    {
        var end = 0;
        while (end < word.Length && (char.IsDigit(word[end]) || word[end] is '+' or '-' or '.'))
            end++;
        return (word.Substring(0, end), word.Substring(end));
    }

    private static (decimal Factor, char Part) UnitOf(string unit) => unit.ToLowerInvariant() switch
    {
        "year" or "years" or "y" or "yr" or "yrs" => (12, 'M'),
        "month" or "months" or "mon" or "mons" => (1, 'M'),
        "week" or "weeks" or "w" => (7, 'D'),
        "day" or "days" or "d" => (1, 'D'),
        "hour" or "hours" or "h" or "hr" or "hrs" => (3_600_000_000, 'T'),
        "minute" or "minutes" or "m" or "min" or "mins" => (60_000_000, 'T'),
        "second" or "seconds" or "s" or "sec" or "secs" => (1_000_000, 'T'),
        "millisecond" or "milliseconds" or "ms" => (1_000, 'T'),
        _ => (0, ' '),
    };

    // hh:mm and hh:mm:ss, with a sign before.
    private static decimal? Clock(string word)
    {
        var isNegative = word[0] == '-';
        var parts = word.TrimStart('-', '+').Split(':');
        if (parts.Length is < 2 or > 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
        {
            return null;
        }
        decimal seconds = 0;
        if (parts.Length == 3 && !decimal.TryParse(parts[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds))
            return null;
        var total = (((hours * 60m) + minutes) * 60m + seconds) * 1_000_000m;
        return isNegative ? -total : total;
    }
}

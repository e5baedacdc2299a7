using System.Globalization;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>A timestamp constant in one spelling: people write a date, the server prints the time and its zone too.</summary>
internal static class TimeText
{
    private static readonly string[] s_formats = CreateFormats();

    /// <summary>The moment in UTC, or null where the text is none of ISO 8601's (`now`, `infinity`, other date styles).</summary>
    public static string? Normalize(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture).Replace(" 00:00:00", "")
            : null;

    private static string[] CreateFormats()
    {
        var formats = new List<string> { "yyyy-MM-dd" };
        foreach (var separator in new[] { " ", "'T'" })
        {
            foreach (var time in new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFF" })
            {
                foreach (var zone in new[] { "", "zz", "zzz", "'Z'" })
                    formats.Add("yyyy-MM-dd" + separator + time + zone);
            }
        }
        return [.. formats];
    }
}

using System.Globalization;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Verification;

/// <summary>Values of expectations as people say them.</summary>
public static class ExpectationWords
{
    /// <summary>`set null`, `no action`, …</summary>
    public static string Of(ReferentialAction action) => action switch
    {
        ReferentialAction.Restrict => "restrict",
        ReferentialAction.Cascade => "cascade",
        ReferentialAction.SetNull => "set null",
        ReferentialAction.SetDefault => "set default",
        _ => "no action",
    };

    /// <summary>`5 min`, `30 s`.</summary>
    public static string Of(TimeSpan span) =>
        span.TotalSeconds >= 60 && span.Seconds == 0
            ? span.TotalMinutes.ToString(CultureInfo.InvariantCulture) + " min"
            : span.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s";

    /// <summary>`12`, `at least 1`, `1 to 3`.</summary>
    public static string Range(long? atLeast, long? atMost) => (atLeast, atMost) switch
    {
        ({ } least, { } most) when least == most => Number(least),
        ({ } least, { } most) => Number(least) + " to " + Number(most),
        ({ } least, null) => "at least " + Number(least),
        (null, { } most) => "at most " + Number(most),
        _ => "any number of",
    };

    /// <summary>`3.2 GB`, in powers of 1024 as pg_size_pretty has it.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        decimal value = bytes;
        var unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        return decimal.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>The one type that several expressions are brought to (parse_coerce.c, select_common_type and select_common_typmod).</summary>
internal static class CommonTypes
{
    private static readonly string[] s_numbers = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
    private static readonly string[] s_times = ["date", "timestamp without time zone", "timestamp with time zone"];
    private static readonly string[] s_texts = ["name", "character", "bpchar", "character varying", "text"];

    /// <summary>The type of both; empty where one of them is not known and could widen the other.</summary>
    public static string Of(string left, string right)
    {
        if (left == right)
            return left;
        if (left.Length == 0 || right.Length == 0)
            return Settled(WithoutModifiers(left.Length == 0 ? right : left));
        var one = WithoutModifiers(left);
        var other = WithoutModifiers(right);
        if (one == other)
            return one;
        if (Later(s_numbers, one, other) is { } number)
            return number;

        // Each kind of text is brought to each other without a cast, so the first stays.
        return Later(s_times, one, other) ?? (Later(s_texts, one, other) is null ? "" : one);
    }

    /// <summary>The wider of two numbers; null where one of them is none.</summary>
    public static string? WiderNumber(string left, string right) => Later(s_numbers, WithoutModifiers(left), WithoutModifiers(right));

    public static bool IsWholeNumber(string type) => type is "smallint" or "integer" or "bigint";

    /// <summary>`numeric` of `numeric(10,2)`, `timestamp without time zone` of `timestamp(3) without time zone`.</summary>
    public static string WithoutModifiers(string type)
    {
        var open = type.IndexOf('(');
        if (open < 0)
            return type;
        var close = type.IndexOf(')', open);
        if (close < 0)
            return type;
        var bare = type.Substring(0, open) + type.Substring(close + 1);

        // Without its length the type is not what `character` means (format_type.c).
        return bare == "character" ? "bpchar" : bare.StartsWith("character[", StringComparison.Ordinal) ? "bpchar" + bare.Substring(9) : bare;
    }

    // What nothing else is brought to but itself stays what it is, whatever the others are.
    private static string Settled(string type) =>
        Array.IndexOf(s_numbers, type) >= 0 || Array.IndexOf(s_times, type) >= 0 || (type != "text" && Array.IndexOf(s_texts, type) >= 0) ? "" : type;

    private static string? Later(string[] order, string left, string right)
    {
        var l = Array.IndexOf(order, left);
        var r = Array.IndexOf(order, right);
        return l < 0 || r < 0 ? null : order[Math.Max(l, r)];
    }
}

using System.Globalization;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>A value that the replay can't know.</summary>
/// <param name="known">The known parts of a text that is not known as a whole.</param>
internal sealed class Unknown(string? known = null)
{
    /// <summary>The known parts of a text; null where there are none.</summary>
    public string? Known { get; } = known;

    /// <summary>Nothing is known of it.</summary>
    public static Unknown Value { get; } = new();

    /// <summary>A value of which no more is known than that it is not NULL.</summary>
    public static Unknown Present { get; } = new();

    /// <summary>EXISTS found nothing, but not everything that exists was read: its negation is taken as true, itself as not known.</summary>
    public static Unknown Absent { get; } = new();
}

/// <summary>An array.</summary>
internal sealed class PlArray(IReadOnlyList<object?> items)
{
    public IReadOnlyList<object?> Items { get; } = items;
}

/// <summary>A row: of a query, or of a system catalog, whose columns are asked for by name.</summary>
/// <param name="Get">The value of a column; <see cref="NoColumn"/> where there is none.</param>
/// <param name="Names">Names in order, where they are listed.</param>
internal sealed record PlRow(Func<string, object?> Get, IReadOnlyList<string>? Names = null)
{
    public static object NoColumn { get; } = new();
}

/// <summary>The number of an object: what pg_class.oid and 'x'::regclass give.</summary>
/// <param name="Kind">class, namespace, type, proc or role.</param>
/// <param name="Id">The object.</param>
/// <param name="Signature">Input types of a function.</param>
internal sealed record Oid(string Kind, QualifiedId Id, string Signature = "");

/// <summary>Conversions between values.</summary>
internal static class Values
{
    public static bool IsUnknown(object? value) => value is Unknown;

    /// <summary>As PostgreSQL prints it; null for NULL and for what is not known.</summary>
    public static string? Text(object? value, TypeNames types) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        Oid { Kind: "proc" } function => types.Visible(function.Id) + "(" + function.Signature + ")",
        Oid oid => oid.Kind is "namespace" or "role" ? TypeNames.Quote(oid.Id.Name.Length > 0 ? oid.Id.Name : oid.Id.Schema) : types.Visible(oid.Id),
        PlArray array => ArrayText(array, types),
        _ => null,
    };

    public static decimal? Number(object? value) => value switch
    {
        long number => number,
        decimal number => number,
        string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>Whether two values are equal; null where it can't be said.</summary>
    public static bool? AreEqual(object left, object right, TypeNames types)
    {
        if (left is Oid a && right is Oid b)
            return a == b;
        if (left is bool || right is bool)
            return Boolean(left) == Boolean(right);
        if (left is long or decimal || right is long or decimal)
            return Number(left) is { } l && Number(right) is { } r ? l == r : null;
        if (left is PlArray x && right is PlArray y)
            return ArrayText(x, types) == ArrayText(y, types);
        return Text(left, types) is { } leftText && Text(right, types) is { } rightText ? string.Equals(leftText, rightText, StringComparison.Ordinal) : null;
    }

    public static bool? Boolean(object? value) => value switch
    {
        bool flag => flag,
        string text => text.ToLowerInvariant() switch
        {
            "t" or "true" or "yes" or "on" or "y" or "1" => true,
            "f" or "false" or "no" or "off" or "n" or "0" => false,
            _ => null,
        },
        _ => null,
    };

    /// <summary>The elements of '{a,b,"c d"}'.</summary>
    public static PlArray ParseArray(string text)
    {
        var items = new List<object?>();
        var i = 1;
        while (i < text.Length && text[i] != '}')
        {
            if (text[i] == '"')
            {
                var quoted = new System.Text.StringBuilder();
                for (i++; i < text.Length && text[i] != '"'; i++)
                {
                    if (text[i] == '\\' && i + 1 < text.Length)
                        i++;
                    quoted.Append(text[i]);
                }
                i++;
                items.Add(quoted.ToString());
            }
            else
            {
                var start = i;
                while (i < text.Length && text[i] is not (',' or '}'))
                    i++;
                var word = text.Substring(start, i - start).Trim();
                items.Add(string.Equals(word, "null", StringComparison.OrdinalIgnoreCase) ? null : word);
            }
            if (i < text.Length && text[i] == ',')
                i++;
        }
        return new(items);
    }

    private static string? ArrayText(PlArray array, TypeNames types)
    {
        var parts = new string[array.Items.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            if (array.Items[i] is Unknown)
                return null;
            parts[i] = Text(array.Items[i], types) ?? "NULL";
        }
        return "{" + string.Join(",", parts) + "}";
    }
}

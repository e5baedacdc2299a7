using System.Globalization;
using System.Text;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>Constants in canonical form. A text that the type does not accept raises in PostgreSQL: null here.</summary>
internal static class Constants
{
    public static string? Coerce(string text, string type)
    {
        switch (type)
        {
            case TypeFamily.Uuid:
                return Uuid(text);
            case TypeFamily.Integer:
                return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var integer)
                    ? Number(integer)
                    : null;
            case TypeFamily.Numeric:
                return TryNumber(text, out var number) ? Number(number) : null;
            case TypeFamily.Boolean:
                return text.Trim().ToLowerInvariant() switch
                {
                    "t" or "tr" or "tru" or "true" or "y" or "ye" or "yes" or "on" or "1" => "true",
                    "f" or "fa" or "fal" or "fals" or "false" or "n" or "no" or "of" or "off" or "0" => "false",
                    _ => null,
                };
            default:
                return text;
        }
    }

    public static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    public static string Number(decimal number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        if (text.IndexOf('.') >= 0)
            text = text.TrimEnd('0').TrimEnd('.');
        return text == "-0" ? "0" : text;
    }

    public static bool AreDistinct(TermNode left, TermNode right)
    {
        if (left.Name == right.Name)
            return false;
        if (TypeFamily.IsNumber(left.Type) && TypeFamily.IsNumber(right.Type))
            return true;
        return left.Type == right.Type && TypeFamily.HasDistinctConstants(left.Type);
    }

    public static bool AreEqual(TermNode left, TermNode right) =>
        left.Name == right.Name && (left.Type == right.Type || (TypeFamily.IsNumber(left.Type) && TypeFamily.IsNumber(right.Type)));

    /// <summary>uuid_in: braces and hyphens after each group of four digits are optional, case does not matter.</summary>
    private static string? Uuid(string text)
    {
        var digits = new StringBuilder(32);
        var inner = text.Length > 2 && text[0] == '{' && text[text.Length - 1] == '}' ? text.Substring(1, text.Length - 2) : text;
        foreach (var c in inner)
        {
            if (c == '-' && digits.Length > 0 && digits.Length % 4 == 0)
                continue;
            if (c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'))
                digits.Append(char.ToLowerInvariant(c));
            else
                return null;
        }
        if (digits.Length != 32 || inner[inner.Length - 1] == '-')
            return null;
        return digits.Insert(20, '-').Insert(16, '-').Insert(12, '-').Insert(8, '-').ToString();
    }
}

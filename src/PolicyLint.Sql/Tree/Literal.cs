namespace PolicyLint.Sql.Tree;

/// <content>What a constant says.</content>
public sealed partial class Literal
{
    /// <summary>Set where the constant stands in a string that was decoded before it was parsed.</summary>
    internal string? DecodedText { get; init; }

    /// <summary>The text of a string, the digits of a bit string, a number as it is written, or the keyword.</summary>
    public string GetText()
    {
        if (DecodedText is not null)
            return DecodedText;
        return Kind is LiteralKind.String or LiteralKind.Bit or LiteralKind.Hex
            ? Parsing.UnicodeText.DecodeString(Source.Text, Start, End)
            : Source.Text.Substring(Start, End - Start);
    }

    /// <summary>The value of an integer constant in any radix (manual 4.1.2.6); null for every other constant.</summary>
    public int? IntegerValue
    {
        get
        {
            if (Kind != LiteralKind.Integer)
                return null;
            var digits = GetText().Replace("_", "");
            var radix = digits.Length < 2 || digits[0] != '0' ? 10 : digits[1] switch { 'x' or 'X' => 16, 'o' or 'O' => 8, 'b' or 'B' => 2, _ => 10 };
            long value = 0;
            for (var i = radix == 10 ? 0 : 2; i < digits.Length; i++)
                value = (value * radix) + Parsing.Lexer.DigitValue(digits[i]);
            return value <= int.MaxValue ? (int)value : null;
        }
    }
}

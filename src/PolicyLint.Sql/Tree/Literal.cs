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
}

namespace PolicyLint.Sql.Tree;

/// <content>Its text.</content>
public sealed partial class OtherStatement
{
    /// <summary>Set where the statement stands in a string that was decoded before it was parsed.</summary>
    internal string? DecodedText { get; init; }

    /// <summary>The statement as it is written.</summary>
    public string GetText() => DecodedText ?? Source.GetText(Span);
}

/// <content>Its text.</content>
public sealed partial class OtherAlterAction
{
    internal string? DecodedText { get; init; }

    /// <summary>The action as it is written.</summary>
    public string GetText() => DecodedText ?? Source.GetText(Span);
}

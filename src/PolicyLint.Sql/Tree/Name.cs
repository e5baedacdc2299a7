namespace PolicyLint.Sql.Tree;

/// <summary>
/// An identifier as PostgreSQL understands it: lower-cased unless quoted (ASCII letters only), quotes and U&amp; escapes resolved.
/// The text is shared by all equal names of a file. The default value is an absent name.
/// </summary>
public readonly struct Name : IEquatable<Name>
{
    private readonly string? _text;
    private readonly int _lengthAndQuoted;

    /// <param name="text">The identifier after folding.</param>
    /// <param name="start">Offset of its first character in the text.</param>
    /// <param name="length">Length in the text, quotes included.</param>
    /// <param name="isQuoted">Written in double quotes.</param>
    public Name(string text, int start = 0, int length = 0, bool isQuoted = false)
    {
        _text = text;
        Start = start;
        _lengthAndQuoted = (length << 1) | (isQuoted ? 1 : 0);
    }

    /// <summary>The identifier; empty where absent.</summary>
    public string Text => _text ?? "";

    /// <summary>Nothing is written.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>The default value: not even an empty name was found.</summary>
    internal bool IsAbsent => _text is null;

    /// <summary>Written in double quotes.</summary>
    public bool IsQuoted => (_lengthAndQuoted & 1) != 0;

    /// <summary>Offset of the first character, quotes included.</summary>
    public int Start { get; }

    /// <summary>Offset after the last character.</summary>
    public int End => Start + (_lengthAndQuoted >> 1);

    /// <summary>Where the name stands.</summary>
    public Text.TextSpan Span => new(Start, _lengthAndQuoted >> 1);

    /// <summary>Names are equal when their folded text is.</summary>
    public bool Equals(Name other) => string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Name other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>The folded text.</summary>
    public override string ToString() => Text;

    public static bool operator ==(Name left, Name right) => left.Equals(right);

    public static bool operator !=(Name left, Name right) => !left.Equals(right);

    public static bool operator ==(Name left, string right) => string.Equals(left.Text, right, StringComparison.Ordinal);

    public static bool operator !=(Name left, string right) => !string.Equals(left.Text, right, StringComparison.Ordinal);
}
